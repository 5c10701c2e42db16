/**
 * For an app's tests: a ticket office in memory, a clock, tickets and stamps for unit tests, and `expectSingleUse()`.
 * @module nestjs-ticketoffice/testing
 */
import './production.check.js';

export { TicketOfficeTestingModule } from './ticket-office-testing.module.js';
export { TestClock } from './test-clock.js';
export { ticketFor } from './ticket-for.js';
export { admit } from './admit.guard.js';
export { recordStamps } from './recorded-stamps.interceptor.js';
export { expectSingleUse } from './single-use.js';

export type { TestOfficeOptions, TicketOfficeTestingOptions } from './testing.options.js';
export type { DefinedTicketFields, EntityFields, TicketFields } from './ticket-fields.js';
export type { RecordedStamps, RecordStampsOptions } from './recorded-stamps.interceptor.js';
export type { Send, SingleUseOptions } from './single-use.js';
