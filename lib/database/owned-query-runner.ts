import { Logger } from '@nestjs/common';
import {
  AdvancedConsoleLogger,
  type DataSource,
  FormattedConsoleLogger,
  type Logger as StatementLogger,
  type QueryRunner,
  SimpleConsoleLogger,
} from 'typeorm';
import { asDataSourceOf, dataSourceOf, driverOf, HarmlessBroadcaster } from './typeorm.internals.js';

const logger = new Logger('TicketOffice');

// A property, since to note three query runners for each redemption in a WeakSet would cost it a fiftieth.
const OWNED = Symbol('ticket-office:owned');

/** Whether a query runner is one for our own statements, and not one of the app's. */
export const isOwned = (runner: QueryRunner & { [OWNED]?: true }): boolean => runner[OWNED] === true;

/**
 * Makes a query runner one for our own statements. The app's subscribers and its logger are called, and a subscriber can
 * refuse a statement beforehand; but when one of them throws afterwards, that is logged, and what is written stands.
 */
export function ownedQueryRunner(runner: QueryRunner): QueryRunner {
  Object.assign(runner, { [OWNED]: true });
  const dataSource = dataSourceOf(runner);
  // Most apps have neither: to look at each statement would cost a redemption a twentieth.
  if (dataSource.subscribers.length > 0)
    Object.assign(runner, { broadcaster: new HarmlessBroadcaster(runner, report) });
  if (!HARMLESS_LOGGERS.has(dataSource.logger.constructor))
    Object.assign(runner, { driver: quietDriver(driverOf(runner)) });
  return runner;
}

/** TypeORM's own that write to the console. */
const HARMLESS_LOGGERS: ReadonlySet<Function> = new Set([
  AdvancedConsoleLogger,
  FormattedConsoleLogger,
  SimpleConsoleLogger,
]);

/** The same for a query runner that the app uses, too, and that stays as it is for the app. */
export function borrowedQueryRunner(runner: QueryRunner): QueryRunner {
  const own: Partial<Record<PropertyKey, unknown>> = {
    manager: undefined,
    driver: undefined,
    broadcaster: undefined,
    [OWNED]: undefined,
  };
  const borrowed = new Proxy(runner, {
    get: (target, name, self): unknown => own[name] ?? Reflect.get(target, name, self),
    set: (target, name, value) => Reflect.set(Object.hasOwn(own, name) ? own : target, name, value),
  });
  // A new manager assigns itself to its runner.
  dataSourceOf(runner).createEntityManager(borrowed);
  return ownedQueryRunner(borrowed);
}

type Driver = ReturnType<typeof driverOf>;

/** For each driver, the same driver with a logger that throws nothing. */
const quiet = new WeakMap<Driver, Driver>();

function quietDriver(driver: Driver): Driver {
  const known = quiet.get(driver);
  if (known) return known;
  const dataSource = dataSourceOf(driver);
  const harmless = replacing(dataSource, { logger: harmlessLogger(dataSource) });
  const made = replacing(driver, asDataSourceOf(driver, harmless));
  quiet.set(driver, made).set(made, made);
  return made;
}

function report(error: unknown): void {
  logger.error(
    'A TypeORM subscriber or logger of the app has failed after a statement of the ticket office: what was written ' +
      'stays written. Catch errors in its methods',
    error,
  );
}

/** The app's logger, read anew for each call: the app may replace it. */
const harmlessLogger = (dataSource: DataSource): StatementLogger =>
  new Proxy(dataSource.logger, {
    get: (_, name): unknown => {
      const { logger: app } = dataSource;
      const method: unknown = Reflect.get(app, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        try {
          return method.apply(app, args) as unknown;
        } catch (error) {
          return report(error);
        }
      };
    },
  });

/** The same object, some of whose properties have other values. */
const replacing = <T extends object>(target: T, values: Partial<Record<keyof T, unknown>>): T =>
  new Proxy(target, {
    get: (_, name, self): unknown =>
      Object.hasOwn(values, name) ? values[name as keyof T] : Reflect.get(target, name, self),
  });
