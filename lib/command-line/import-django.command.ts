import { Command } from 'commander';
import type { ImportedTicket } from '../tickets/issuing/ticket.importer.js';
import { loadDataSource } from './data-source.file.js';
import { harmless } from './data-source.options.js';
import { DJANGO_TABLE, type FormerRow, formerRows } from './django/former-tickets.js';
import { readFormer } from './django/imported-ticket.js';
import { LocalTime } from './django/local-time.js';
import { requireSecrets } from './environment.js';
import { EXIT } from './failure.js';
import { wholeNumber } from './flags.js';
import type { Importer } from './office.js';
import { escaped } from './output.js';
import type { Run, Session } from './session.js';

interface Flags {
  readonly from?: string;
  readonly table: string;
  readonly timeZone: string;
  readonly place?: string;
  readonly purpose?: string;
  readonly revoke?: true;
  readonly batchSize: number;
}

export const importDjangoCommand = (run: Run): Command =>
  new Command('import-django')
    .description('take over the tickets of django-ticketoffice: their history, not their secrets')
    .option('--from <file>', 'the compiled file of the data source with Django’s table (default: the app’s)')
    .option('--table <name>', 'the name of Django’s table', DJANGO_TABLE)
    .option('--time-zone <zone>', 'of Django’s dates on SQLite and MariaDB: UTC with USE_TZ', 'UTC')
    .option('--place <name>', 'in place of an empty place')
    .option('--purpose <name>', 'in place of an empty purpose')
    .option('--revoke', 'revoke the tickets that are valid, instead of listing them for a reissue')
    .option('--batch-size <n>', 'how many tickets one transaction writes', wholeNumber, 500)
    .action((flags: Flags) => run((session) => importAll(session, flags)));

async function importAll(session: Session, flags: Flags): Promise<void> {
  const time = new LocalTime(flags.timeZone);
  const { importer } = await session.open({ secret: requireSecrets() });
  const former = flags.from === undefined ? undefined : harmless(await loadDataSource(flags.from));
  await former?.initialize();
  try {
    const report = new Report();
    let after: FormerRow['id'] = 0;
    for (let rows: FormerRow[] | undefined; !rows || rows.length === flags.batchSize;) {
      session.signal.throwIfAborted();
      rows = await formerRows(former ?? (await session.connect()), flags.table, after, flags.batchSize);
      after = rows.at(-1)?.id ?? after;
      await importBatch(rows, { session, flags, time, importer, report });
    }
    report.print(session);
  } finally {
    await former?.destroy();
  }
}

interface Import {
  readonly session: Session;
  readonly flags: Flags;
  readonly time: LocalTime;
  readonly importer: Importer;
  readonly report: Report;
}

async function importBatch(
  rows: readonly FormerRow[],
  { session, flags, time, importer, report }: Import,
): Promise<void> {
  const tickets = new Map<string, ImportedTicket>();
  for (const row of rows) {
    const reading = readFormer(row, time, flags);
    // Django's table does not keep uuids from being there twice.
    const isTwice = 'ticket' in reading && report.isKnown(reading.ticket.uuid);
    const problem = 'problem' in reading ? reading.problem : isTwice ? 'its uuid is there twice' : undefined;
    if (problem !== undefined) {
      session.output.note(`row ${row.id}, ticket ${escaped(row.uuid)}, is left out: ${problem}`);
      report.skipped += 1;
    } else if ('ticket' in reading) tickets.set(reading.ticket.uuid, reading.ticket);
  }
  const { added, closed } = await importer.write([...tickets.values()], flags.revoke ?? false);
  report.add(tickets.size, added, closed);
}

class Report {
  skipped = 0;
  private added = 0;
  private present = 0;
  private readonly closed: string[] = [];
  private readonly seen = new Set<string>();

  isKnown(uuid: string): boolean {
    const isKnown = this.seen.has(uuid);
    this.seen.add(uuid);
    return isKnown;
  }

  add(tickets: number, added: number, closed: readonly string[]): void {
    this.added += added;
    this.present += tickets - added;
    this.closed.push(...closed);
  }

  print({ output }: Session): void {
    const { added, present, skipped, closed } = this;
    if (skipped > 0) output.exitCode = EXIT.failed;
    const none = 'No secret opens these valid tickets; `reissue` makes a new one:';
    output.print({ added, present, skipped, withoutSecret: closed }, [
      `${added} added, ${present} there already, ${skipped} left out.`,
      ...(closed.length > 0 ? [none, ...closed] : []),
    ]);
  }
}
