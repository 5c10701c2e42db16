import { Logger } from '@nestjs/common';
import type { EntityManager, Logger as StatementLogger, QueryRunner } from 'typeorm';
import { HarmlessBroadcaster, loggedBy } from './typeorm.internals.js';

const logger = new Logger('TicketOffice');

/**
 * A query runner for our own statements. The app's subscribers and its logger get to know of them, and subscribers can
 * refuse them beforehand; but what fails in them afterwards does not make a failure of what is written already.
 */
export function ownedQueryRunner(runner: QueryRunner): QueryRunner {
  let manager: EntityManager | undefined;
  const { driver } = loggedBy(runner);
  const { dataSource } = driver;
  const quiet = replacing(dataSource, { logger: harmlessLogger(dataSource.logger) });
  const replaced: Record<PropertyKey, unknown> = { driver: replacing(driver, { dataSource: quiet }) };
  const owned: QueryRunner = new Proxy(runner, {
    get: (target, name, self: QueryRunner): unknown => {
      if (name === 'manager') return (manager ??= runner.dataSource.createEntityManager(self));
      return Object.hasOwn(replaced, name) ? replaced[name] : Reflect.get(target, name, self);
    },
    // A new manager assigns itself to its runner, which may be the app's.
    set: (target, name, value) => name === 'manager' || Reflect.set(target, name, value),
  });
  replaced.broadcaster = new HarmlessBroadcaster(owned, report);
  return owned;
}

function report(error: unknown): void {
  logger.error(
    'A TypeORM subscriber or logger of the app has failed after a statement of the ticket office: what was written ' +
      'stays written. Catch errors in its methods',
    error,
  );
}

const harmlessLogger = (app: StatementLogger): StatementLogger =>
  new Proxy(app, {
    get: (target, name): unknown => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...told: unknown[]): unknown => {
        try {
          return method.apply(target, told) as unknown;
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
