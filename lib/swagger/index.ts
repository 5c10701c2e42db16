/**
 * Adds to an app's OpenAPI document what its guarded routes take and answer.
 * @module nestjs-ticketoffice/swagger
 */
export { documentTickets } from './document-tickets.js';
