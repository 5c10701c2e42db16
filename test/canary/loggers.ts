import type { LoggerService } from '@nestjs/common';
import type { Logger as TypeOrmLogger } from 'typeorm';
import { vi } from 'vitest';
import { afterwards } from '../support/suite-scope.js';
import type { Witness } from './witness.js';

/** Nest's logger, at every level. */
export function nestLogger(witness: Witness): LoggerService {
  const note = (...values: unknown[]) => witness.note('log', ...values);
  return { log: note, error: note, warn: note, debug: note, verbose: note, fatal: note };
}

/** TypeORM's, parameters included. */
export function sqlLogger(witness: Witness): TypeOrmLogger {
  return {
    logQuery: (query, parameters) => witness.note('sql', query, parameters),
    logQueryError: (error, query, parameters) => witness.note('sql', error, query, parameters),
    logQuerySlow: (_, query, parameters) => witness.note('sql', query, parameters),
    logSchemaBuild: (message) => witness.note('sql', message),
    logMigration: (message) => witness.note('sql', message),
    log: (_, message: unknown) => witness.note('sql', message),
  };
}

/** What is printed past all loggers, to the end of the test or of the block. */
export function watchOutput(witness: Witness): void {
  const note = (...values: unknown[]) => witness.note('output', ...values);
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(note),
  );
  process.on('warning', note);
  afterwards(() => {
    process.off('warning', note);
    for (const spy of spies) spy.mockRestore();
  });
}
