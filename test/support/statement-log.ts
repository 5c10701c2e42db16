import type { Logger } from 'typeorm';

/** A TypeORM logger that keeps every statement it is told of: pass it as the data source's `logger`. */
export class StatementLog implements Logger {
  readonly statements: string[] = [];
  /** The same as they were handed over. */
  readonly raw: unknown[] = [];

  logQuery(query: unknown): void {
    // A prepared statement comes as an object that is as good as its text.
    this.statements.push(String(query));
    this.raw.push(query);
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}

  /** The statements that ran while `work` did. */
  async during(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.statements.length;
    await work();
    return this.statements.slice(before);
  }
}
