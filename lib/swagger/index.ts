export { documentTickets } from './document-tickets.js';
