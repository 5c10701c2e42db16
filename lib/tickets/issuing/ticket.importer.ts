import type { QueryRunner } from 'typeorm';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { canonicalUuid } from '../credentials.js';
import { nameProblem } from '../input/arguments.js';
import { dataProblem } from '../input/data.rule.js';
import { sentence } from '../input/rules.js';
import { generateSecret } from '../secrets/secret.js';
import type { Verifiers } from '../secrets/verifier.js';
import type { TicketDatabase } from '../store/ticket.database.js';
import { NEW_ROW, rowOf, ticketOf, type TicketRow, wholeRow } from '../store/ticket.row.js';
import { insertRow } from '../store/insert.statements.js';
import type { TicketSettings } from '../ticket.settings.js';

/** A ticket of another system: all of it but its secret. */
export interface ImportedTicket {
  readonly uuid: string;
  readonly place: string;
  readonly purpose: string;
  readonly data: unknown;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly usedAt: Date | null;
}

/** What became of a batch. */
export interface ImportedBatch {
  /** How many were written; the others were there already. */
  readonly added: number;
  /** Those of the batch that are valid, and that no secret opens: written now or earlier, and not reissued since. */
  readonly closed: readonly string[];
}

/** Why a ticket cannot be taken, in one sentence; nothing when it can. */
export function importProblem({ uuid, place, purpose, data }: ImportedTicket): string | undefined {
  if (canonicalUuid(uuid) !== uuid) return 'its uuid is none';
  for (const [name, value] of Object.entries({ place, purpose })) {
    const problem = nameProblem(value);
    if (problem !== undefined) return `${name} ${problem}`;
  }
  const problem = dataProblem(data);
  return problem === undefined ? undefined : sentence('data', problem);
}

/**
 * Writes tickets of another system: their history stays, their secrets do not. Each gets a generated secret that nobody
 * receives, so that nothing opens a valid one until it is reissued.
 */
export class TicketImporter {
  constructor(
    private readonly database: TicketDatabase,
    private readonly verifiers: Verifiers,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * Writes those whose uuid is not there yet, in one transaction.
   *
   * @param revokes whether valid ones are revoked instead
   */
  async write(tickets: readonly ImportedTicket[], revokes: boolean): Promise<ImportedBatch> {
    const now = this.settings.now();
    const rows = tickets.map((ticket) => this.row(ticket, revokes, now));
    // A batch whose answer was lost is found again, and counted as there already.
    return this.database.transact(
      async (runner) => {
        const present = await presentRows(runner, rows);
        const missing = rows.filter(({ uuid }) => !present.has(uuid));
        for (const row of missing) await insertRow(row, runner.manager);
        const isClosed = (row: TicketRow) => ticketOf(row).isValid(now) && row.generation === 1;
        const all = [...present.values(), ...missing];
        return { added: missing.length, closed: all.filter(isClosed).map(({ uuid }) => uuid) };
      },
      undefined,
      { idempotent: true },
    );
  }

  private row(imported: ImportedTicket, revokes: boolean, now: Date): TicketRow {
    const scope = { ...NEW_ROW, ...imported, subject: null };
    const row = { ...scope, verifier: this.verifiers.makeGenerated(generateSecret(), scope) };
    return revokes && ticketOf(row).isValid(now) ? { ...row, revokedAt: now } : row;
  }
}

async function presentRows(runner: QueryRunner, rows: readonly TicketRow[]): Promise<Map<string, TicketRow>> {
  if (rows.length === 0) return new Map();
  const dataSource = dataSourceOf(runner);
  const query = wholeRow(dataSource, runner);
  const uuids = rows.map(({ uuid }) => uuid);
  const records = await query
    .where(`${query.escape('uuid')} IN (:...uuids)`, { uuids })
    .getRawMany<Record<string, unknown>>();
  return new Map(records.map((record) => rowOf(record, dataSource)).map((row) => [row.uuid, row] as const));
}
