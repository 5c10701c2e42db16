import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { TicketService } from 'nestjs-ticketoffice';
import type { CommandLine, Ended } from './command.js';

/**
 * The file of a data source whose process kills itself at a checkpoint: before and after each statement, in the middle
 * of each write of the output, and around each of its syncs. At once, or some ms later, when the statement is on its way.
 */
export const killableDataSource = (options: object): string => `
import { writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DataSource, EventSubscriber } from 'typeorm';
import { Ticket } from 'nestjs-ticketoffice';

const { KILL_AT, KILL_AFTER } = process.env;
let passed = 0;
const kill = () => process.kill(process.pid, 'SIGKILL');
const isNow = () => (passed += 1) === Number(KILL_AT);
const checkpoint = () => {
  if (isNow()) KILL_AFTER === '0' ? kill() : setTimeout(kill, Number(KILL_AFTER));
};

const self = await open(fileURLToPath(import.meta.url));
const handles = Object.getPrototypeOf(self);
await self.close();
const { write, sync } = handles;
handles.write = function (bytes, offset, length, position) {
  if (isNow()) {
    writeSync(this.fd, bytes, offset, Math.floor(Math.random() * length), position);
    kill();
  }
  return write.call(this, bytes, offset, length, position);
};
handles.sync = async function () {
  checkpoint();
  await sync.call(this);
  checkpoint();
};

class Checkpoints {
  beforeQuery() { checkpoint(); }
  afterQuery() { checkpoint(); }
}
EventSubscriber()(Checkpoints);
export const dataSource = new DataSource({
  ...${JSON.stringify(options)}, entities: [Ticket], subscribers: [Checkpoints],
});
`;

export type Mode = 'allow' | 'revoke' | 'reject';

export interface Guest {
  readonly subject: string;
  readonly name: string;
}

/** Names that a CSV has to quote; now and then the same guest again, where that makes a difference. */
export const guestsOf = (count: number, mode: Mode): Guest[] =>
  Array.from({ length: count }, (_, index) => ({
    subject: String(mode !== 'allow' && index % 10 === 9 ? index - 5 : index),
    name: index % 3 === 0 ? `Léon "${index}",\n${mode}` : `Ada ${index % 20}`,
  }));

/** Checkpoints that a batch passes, about. */
const OF_A_BATCH = 12;

export interface Plan {
  readonly guests: readonly Guest[];
  readonly mode: Mode;
  readonly batchSize: number;
  readonly kills: number;
}

export interface Outcome {
  readonly ended: Ended;
  readonly kills: number;
  /** The checkpoints and delays of the kills, for the message of a failure. */
  readonly told: string;
}

/** Runs the same command until it ends by itself, and kills it this often on the way, at random. */
export async function runKilled(run: CommandLine, name: string, plan: Plan): Promise<Outcome> {
  const { guests, mode, batchSize, kills } = plan;
  run.write(`${name}.csv`, stringify([...guests], { header: true }));
  const scope = ['--place', name, '--purpose', 'visit', '--on-duplicate', mode, '--path', '/louvre'];
  const file = ['--from', `${name}.csv`, '--out', `${name}.links.csv`, '--batch-size', String(batchSize)];
  const batches = guests.length / (mode === 'allow' ? batchSize : 1);
  const most = Math.ceil((2 * batches * OF_A_BATCH) / (kills + 1));
  const told: string[] = [];
  for (let killed = 0; ;) {
    const at = 1 + Math.floor(Math.random() * most);
    const after = Math.random() < 0.5 ? 0 : Math.floor(Math.random() * 8);
    const env = {
      TICKET_OFFICE_BASE_URL: 'https://museum.example',
      ...(killed < kills && { KILL_AT: String(at), KILL_AFTER: String(after) }),
    };
    const ended = await run.process(['issue', '-d', 'killable.mjs', ...file, ...scope], { env });
    if (ended.code !== null) return { ended, kills: killed, told: told.join(', ') };
    killed += 1;
    told.push(`${at}+${after}`);
  }
}

/** The rows of an output, with their credentials. */
export function outputRows(path: string) {
  const rows: Record<string, string>[] = parse(readFileSync(path), { columns: true });
  return rows.map((row) => {
    const { searchParams } = new URL(row['link']!);
    const [uuid, password] = [searchParams.get('uuid')!, searchParams.get('password')!];
    return {
      subject: row['subject']!,
      name: row['name']!,
      uuid: row['uuid']!,
      credentials: { uuid, password },
    };
  });
}

/** What is wrong with the output of a plan, and with the table: a sentence for each fault. */
export async function faultsOf(
  tickets: TicketService,
  place: string,
  path: string,
  { guests, mode }: Plan,
): Promise<string[]> {
  const faults: string[] = [];
  const rows = outputRows(path);
  const isStanding = ({ subject }: Guest, index: number) =>
    guests.findIndex((other) => other.subject === subject) === index;
  const wanted = mode === 'reject' ? guests.filter(isStanding) : guests;
  if (JSON.stringify(wanted.map(textOf)) !== JSON.stringify(rows.map(textOf)))
    faults.push(
      `the output has ${rows.length} rows, and not the ${wanted.length} of the input in their order`,
    );
  const last = new Map(rows.map(({ subject, uuid }) => [subject, uuid]));
  for (const { subject, uuid, credentials } of rows) {
    const outcome = await tickets.authenticate<{ name: string }>(credentials, place, 'visit').then(
      (ticket) => (ticket.subject === subject && ticket.uuid === uuid ? 'valid' : 'another'),
      (error: { code?: string }) => error.code,
    );
    const right = last.get(subject) === uuid ? 'valid' : 'TICKET_REVOKED';
    if (outcome !== right) faults.push(`the row of ${subject} is ${outcome}, and not ${right}`);
  }
  const all = rows.length;
  if ((await tickets.count({ place })) !== all)
    faults.push(`the table has not the ${all} tickets of the output`);
  const valid = await tickets.count({ place, status: 'valid' });
  if (valid !== last.size) faults.push(`${valid} tickets are valid, and not ${last.size}`);
  return faults;
}

const textOf = ({ subject, name }: Guest): string => `${subject} ${name}`;
