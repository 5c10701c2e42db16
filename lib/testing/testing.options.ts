import type { EntitySchema } from 'typeorm';
import { copyProblem, otherCopies } from '../copies.js';
import type { OPTIONS_TYPE } from '../ticket-office.module-definition.js';
import { EXTRAS, type TicketOfficeOptions } from '../ticket-office.options.js';
import { undefinedProblem } from '../tickets/definitions/ticket.definition.js';
import { isObject } from '../tickets/input/copied-fields.js';
import { describe, isFunction, isPlainObject, quote, withoutUndefined } from '../tickets/input/rules.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { TestClock } from './test-clock.js';

/** Options of the ticket office in a test; those that are left out have a value for tests. */
export interface TestOfficeOptions extends Partial<TicketOfficeOptions> {
  /** The clock for all instants of the ticket office, in place of `now`. */
  readonly clock?: TestClock;
}

/** What {@link TicketOfficeTestingModule.forRoot} takes: what TicketOfficeModule takes, and what is for tests only. */
export interface TicketOfficeTestingOptions extends TestOfficeOptions, Partial<typeof OPTIONS_TYPE> {
  /**
   * Entities of the app's that no `TypeOrmModule.forFeature()` names, for the database that is made here; those that one
   * names are there anyway.
   * @default none
   */
  readonly entities?: readonly (Function | EntitySchema)[];
  /**
   * The name of a data source that the app or the test has itself, `'default'` for the one without a name: then no
   * database is made here. Its migrations must include `ticketOfficeMigrations`.
   * @default a new SQLite database
   */
  readonly dataSource?: string;
}

const SECRET = 'a secret for the tests, and nothing else';

/**
 * The options of the ticket office, with values for tests where none are given.
 *
 * @param call the method of TicketOfficeTestingModule that was called
 * @throws TicketOfficeConfigurationError for options that no test can have
 */
export function testOptions<T extends TestOfficeOptions>(call: string, options: T) {
  assertNone(
    call,
    isPlainObject(options)
      ? clockProblem(options)
      : `the options must be an object, not ${describe(options)}`,
  );
  const { clock, ...given } = options;
  return {
    secret: SECRET,
    baseUrl: 'http://localhost:3000',
    ...withoutUndefined(given),
    ...(clock && { now: clock.now }),
  };
}

function clockProblem({ clock, now }: TestOfficeOptions): string | undefined {
  if (clock === undefined) return undefined;
  if (!(clock instanceof TestClock))
    return (
      foreignClockProblem(clock) ??
      `clock must be a TestClock, new TestClock(), not ${describe(clock)}; a function that returns the instant is the option now`
    );
  return now && 'clock takes the place of now: write one of them';
}

/** A clock of the library's that another copy of it has made. */
function foreignClockProblem(clock: unknown): string | undefined {
  const [other] = otherCopies();
  const { constructor } = Object(clock) as object;
  return other && constructor?.name === TestClock.name ? copyProblem('clock', other) : undefined;
}

/** @throws TicketOfficeConfigurationError for entities that no database can have */
export const assertEntities = (call: string, entities: unknown): void =>
  assertNone(call, entitiesProblem(entities));

function entitiesProblem(entities: unknown): string | undefined {
  if (entities === undefined) return undefined;
  if (!Array.isArray(entities))
    return `entities must be a list of entities, [Room], not ${describe(entities)}`;
  const index = entities.findIndex((entity) => !isFunction(entity) && !isObject(entity));
  if (index === -1) return undefined;
  const [name, entity] = [`entities[${index}]`, entities[index] as unknown];
  return entity === undefined
    ? undefinedProblem(name)
    : `${name} must be a class or an EntitySchema, not ${describe(entity)}`;
}

/** As {@link testOptions}, for a method that makes no module of its own, and has no place for what stands beside the options. */
export function optionsAlone(call: string, options: TestOfficeOptions): TicketOfficeOptions {
  const extras = Object.keys(EXTRAS).filter((name) => Object.hasOwn(Object(options) as object, name));
  if (extras.length > 0)
    assertNone(
      call,
      `${extras.map(quote).join(', ')} is for forRoot(), and has no meaning here: leave it out`,
    );
  return testOptions(call, options);
}

function assertNone(call: string, problem: string | undefined): void {
  if (problem !== undefined)
    throw new TicketOfficeConfigurationError(`TicketOfficeTestingModule.${call}: ${problem}`);
}
