import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Ticket } from 'nestjs-ticketoffice';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { eachDatabase, type TestDatabase } from '../support/databases.js';

/** Around the hours that New York, Paris and Lord Howe skip or repeat, and at both ends of what dates reach. */
const EXPIRIES = [
  '2026-03-08T06:59:59.999Z',
  '2026-03-08T07:00:00.000Z',
  '2026-03-08T07:30:00.001Z',
  '2026-03-29T00:59:59.999Z',
  '2026-03-29T01:00:00.000Z',
  '2026-03-29T01:30:00.123Z',
  '2026-10-25T00:30:00.456Z',
  '2026-10-25T01:30:00.456Z',
  '2026-11-01T05:30:00.789Z',
  '2038-01-19T03:14:08.000Z',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
];
/** In the hour that Paris has twice. */
const NOW = '2025-10-26T01:30:00.001Z';

type Found = Record<keyof Ticket, string | null>;
interface Zone {
  name: string;
  /** What the process makes of 1970-01-01T00:00:00Z, to be sure that it is where it was put. */
  local: string;
  sessions: Record<TestDatabase['type'], string>;
}

const zone = (name: string, local: string, postgres: string, mariadb: string): Zone => {
  const [p, m] = [`SET TIME ZONE '${postgres}'`, `SET time_zone = '${mariadb}'`];
  return { name, local, sessions: { 'better-sqlite3': 'SELECT 1', postgres: p, mariadb: m } };
};
const NEW_YORK = zone('America/New_York', 'Wed Dec 31 1969 19:00:00', 'America/New_York', '-05:00');
const PARIS = zone('Europe/Paris', 'Thu Jan 01 1970 01:00:00', 'Europe/Paris', '+01:00');
const KATHMANDU = zone('Asia/Kathmandu', 'Thu Jan 01 1970 05:30:00', 'Asia/Kathmandu', '+05:45');
const READERS = [NEW_YORK, PARIS, KATHMANDU];

describe('[LC-3] Instants', () => {
  /** One for each zone, for all databases. */
  const processes = new Map<string, ChildProcess>();
  afterAll(() => {
    for (const child of processes.values()) child.kill();
  });
  const processIn = (TZ: string): ChildProcess => {
    const child =
      processes.get(TZ) ?? fork(inject('ticketTableProcess'), { execArgv: [], env: { ...process.env, TZ } });
    processes.set(TZ, child);
    return child;
  };

  async function inZone({ name, local, sessions }: Zone, database: TestDatabase, work: object) {
    const given = {
      database: database.options({ poolSize: 1 }),
      session: sessions[database.type],
      now: NOW,
      ...work,
    };
    const child = processIn(name);
    const answered = once(child, 'message');
    // Through JSON, as it arrives: dates as texts.
    child.send(given);
    const [answer] = (await answered) as [{ local: string; tickets: Found[] }];
    expect(answer.local).toContain(local);
    return answer.tickets;
  }

  eachDatabase('written in one time zone', (database) => {
    it('are the same to the millisecond in every other', async () => {
      const written = await inZone(NEW_YORK, database, { write: EXPIRIES });
      expect(written.map(({ expiresAt }) => expiresAt)).toEqual(EXPIRIES);
      for (const [index, { createdAt, usedAt, revokedAt }] of written.entries()) {
        expect([createdAt, usedAt, revokedAt]).toEqual(index % 2 ? [NOW, NOW, null] : [NOW, null, NOW]);
      }
      const read = { read: written.map(({ uuid }) => uuid) };
      for (const reader of READERS) expect(await inZone(reader, database, read)).toEqual(written);
    });
  });
});
