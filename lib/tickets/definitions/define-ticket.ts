import { isPlainObject, withoutUndefined } from '../input/rules.js';
import { TicketInputError } from '../ticket.errors.js';
import { definitionProblems } from './definition.rules.js';
import {
  type DataRules,
  DEFINITION,
  type DefinitionFields,
  type TicketDefinition,
} from './ticket.definition.js';

/**
 * Describes one kind of ticket, once: where it admits, what it carries, how long it lives. The result stands wherever a
 * place and a purpose are asked for; what is issued with it is checked, and typed.
 *
 * @example
 * const LouvreVisit = defineTicket({
 *   place: 'louvre', purpose: 'visit', data: VisitorData, path: '/louvre', expiresIn: '5d',
 * });
 * const { credentials } = await tickets.issue(LouvreVisit, { data: { firstName: 'Léonard' } });
 * const link = tickets.url(LouvreVisit, credentials);
 * @returns a copy, which cannot be changed
 * @throws TicketInputError that names every problem of the fields
 */
export function defineTicket<
  const Place extends string,
  const Path extends string = never,
  Data extends DataRules = never,
>(fields: DefinitionFields<Place, Path, Data>): TicketDefinition<Place, Path, Data> {
  const problems = definitionProblems(fields);
  if (problems.length > 0) throw new TicketInputError('defineTicket()', problems);
  const { place, purpose, data, path, expiresIn, password, onDuplicate, confirm, credentials } = fields;
  const given = { place, purpose, data, path, expiresIn, password, onDuplicate, confirm, credentials };
  const definition = Object.fromEntries(Object.entries(withoutUndefined(given)).map(frozenCopy));
  return Object.freeze(Object.defineProperty(definition, DEFINITION, { value: true })) as typeof definition &
    TicketDefinition<Place, Path, Data>;
}

/** Of the lists and objects of the app's own; the class or the schema of `data` stays what it is. */
const frozenCopy = ([name, value]: [string, unknown]): [string, unknown] => {
  if (name === 'data') return [name, value];
  if (Array.isArray(value)) return [name, Object.freeze([...(value as unknown[])])];
  return [name, isPlainObject(value) ? Object.freeze({ ...value }) : value];
};
