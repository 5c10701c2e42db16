import type { LoggerService } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { officeFor } from './builds.js';
import { harmless } from './data-source.options.js';
import { loadDataSource } from './data-source.file.js';
import { placeholderSecret } from './environment.js';
import { CommandLineError, EXIT, messageOf } from './failure.js';
import { escaped, type Output } from './output.js';
import type { Office, OfficeOptions } from './office.js';

/** Runs a command's work in a session, which is closed afterwards. */
export type Run = (work: (session: Session) => Promise<void>) => Promise<void>;

/** One run of a command: what it has opened, and closes. */
export class Session {
  private dataSource: DataSource | undefined;
  private office: Office | undefined;

  /**
   * @param file the data source's
   * @param signal is aborted by Ctrl-C: work in parts ends after the part that runs
   */
  constructor(
    private readonly file: string,
    readonly output: Output,
    readonly signal: AbortSignal,
  ) {}

  /** @throws CommandLineError when the file is not what it must be */
  async load(): Promise<DataSource> {
    return (this.dataSource ??= await this.interruptible(loadDataSource(this.file)));
  }

  /** @throws CommandLineError when the file is not what it must be, or the database does not answer */
  async connect(): Promise<DataSource> {
    const dataSource = await this.load();
    if (!dataSource.isInitialized) await this.interruptible(initialized(harmless(dataSource)));
    return dataSource;
  }

  /** @param options without a secret, for commands that neither make nor check one */
  async open(options: Partial<OfficeOptions> = {}): Promise<Office> {
    const dataSource = await this.connect();
    const { openOffice } = await officeFor(dataSource);
    const all = { secret: placeholderSecret(), ...options };
    this.office = await this.interruptible(openOffice(dataSource, all, loggerTo(this.output)));
    return this.office;
  }

  /** Best effort: an error here would hide what the command has said. */
  async close(): Promise<void> {
    await this.office?.close().catch(() => undefined);
    if (this.dataSource?.isInitialized) await this.dataSource.destroy().catch(() => undefined);
  }

  /** Ctrl-C also ends the wait for a database that does not answer. */
  private interruptible<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    return Promise.race([
      work,
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
    ]);
  }
}

async function initialized(dataSource: DataSource): Promise<void> {
  await dataSource.initialize().catch((error: unknown) => {
    throw new CommandLineError(`cannot open the data source: ${messageOf(error)}`, EXIT.failed, {
      cause: error,
    });
  });
}

/** Warnings of the office for people; Nest's own errors are thrown as well. */
const loggerTo = (output: Output): LoggerService => ({
  log: () => undefined,
  error: () => undefined,
  warn: (message: unknown) => output.note(`ticket-office: ${escaped(String(message))}`),
});
