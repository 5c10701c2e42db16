import type { DataSource } from 'typeorm';
import { FILTER_NAMES, type TicketFilter } from '../input/filter.input.js';
import { subjectText } from '../input/subject.rule.js';
import { type ListedStatus, ticketConditions } from './ticket.conditions.js';

const namesIn = (filter: TicketFilter) => FILTER_NAMES.filter((name) => filter[name] !== undefined);

/** The conditions for the tickets of a filter, to be joined by AND; none where it is empty. An index serves each. */
export const filterConditions = (filter: TicketFilter, dataSource: DataSource): string[] =>
  namesIn(filter).map(ticketConditions(dataSource).exactly);

/** The values of the parameters in {@link filterConditions}. */
export const filterParameters = (filter: TicketFilter): Record<string, string> =>
  Object.fromEntries(namesIn(filter).map((name) => [name, subjectText(filter[name]!)]));

/** The condition for the tickets of any one of these statuses, with the parameters of `hasStatus`. */
export function statusCondition(
  statuses: ListedStatus | readonly ListedStatus[],
  dataSource: DataSource,
): string {
  const { hasStatus } = ticketConditions(dataSource);
  const each = [...new Set([statuses].flat())].map((status) => `(${hasStatus(status)})`);
  return `(${each.join(' OR ')})`;
}
