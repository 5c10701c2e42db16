import type { Ticket } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { captureLog } from '../../invitations/captured-log.js';
import { eachDatabase, type TestDatabase } from '../../support/databases.js';
import { startOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
/** Far more than fit in one batch below. */
const MANY = 25;

/** A table of the app's whose rows refer to tickets. */
const createVisits = (dataSource: DataSource, type: TestDatabase['type']): Promise<unknown> => {
  const text = type === 'mariadb' ? ' CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' : '';
  return dataSource.query(
    `CREATE TABLE museum_visit (ticket varchar(36)${text} NOT NULL,
     FOREIGN KEY (ticket) REFERENCES ticket_office_ticket (uuid))`,
  );
};

/** A trigger of the app's that keeps the tickets of one place. */
const TRIGGERS: Record<TestDatabase['type'], string[]> = {
  'better-sqlite3': [
    `CREATE TRIGGER archive BEFORE DELETE ON ticket_office_ticket WHEN OLD.place = 'archive'
     BEGIN SELECT RAISE(ABORT, 'the archive stays'); END`,
  ],
  postgres: [
    `CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF OLD.place = 'archive' THEN RAISE EXCEPTION 'the archive stays'; END IF; RETURN OLD; END $$`,
    'CREATE TRIGGER archive BEFORE DELETE ON ticket_office_ticket FOR EACH ROW EXECUTE FUNCTION keep()',
  ],
  mariadb: [
    `CREATE TRIGGER archive BEFORE DELETE ON ticket_office_ticket FOR EACH ROW
     IF OLD.place = 'archive' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the archive stays'; END IF`,
  ],
};

eachDatabase('clean() among tickets that rows of the app refer to', (database) => {
  let office: Awaited<ReturnType<typeof startOffice>>;

  beforeAll(async () => {
    office = await startOffice(database, { cleaning: { keep: 0 } });
    await createVisits(office.dataSource, database.type);
    for (const sql of TRIGGERS[database.type]) await office.dataSource.query(sql);
  });

  beforeEach(async () => {
    await office.dataSource.query('DELETE FROM museum_visit');
    await office.dataSource.query("DELETE FROM ticket_office_ticket WHERE place <> 'archive'");
  });

  async function used(place = visit.place): Promise<Ticket> {
    const { ticket } = await office.tickets.issue({ ...visit, place });
    await (await office.tickets.claim(ticket)).stamp();
    return ticket;
  }

  const refer = (ticket: Ticket) =>
    office.dataSource.query(`INSERT INTO museum_visit (ticket) VALUES ('${ticket.uuid}')`);

  it('[F-11] deletes all others, counts it, and logs it once', async () => {
    const all: Ticket[] = [];
    for (let number = 0; number < MANY; number += 1) all.push(await used());
    const kept = [all[0]!, all[1]!, all[12]!, all[MANY - 1]!];
    for (const ticket of kept) await refer(ticket);
    const log = captureLog();
    const counts = await office.tickets.clean({ batchSize: 4 });
    expect(counts).toEqual({ used: MANY - kept.length, revoked: 0, expired: 0, referenced: kept.length });
    const left = await office.tickets.list(visit);
    expect(left.map(({ uuid }) => uuid)).toEqual(kept.map(({ uuid }) => uuid));

    expect(await office.tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 0, referenced: 4 });
    const lines = log.map(({ text }) => text).filter((text) => text.includes('refer'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(kept[0]!.uuid);
    expect(lines[0]).toContain('ON DELETE');

    await office.dataSource.query('DELETE FROM museum_visit');
    expect(await office.tickets.clean()).toEqual({ used: 4, revoked: 0, expired: 0 });
  });

  it('[F-11] ends where every ticket is referred to', async () => {
    for (let number = 0; number < 5; number += 1) await refer(await used());
    const counts = await office.tickets.clean({ batchSize: 2 });
    expect(counts).toEqual({ used: 0, revoked: 0, expired: 0, referenced: 5 });
  });

  it('[F-11] ends as soon as it is interrupted, amid a batch of such tickets', async () => {
    for (let number = 0; number < 8; number += 1) await refer(await used());
    const cleaned: unknown[] = [];
    const listening = office.tickets.events$.subscribe((event) => {
      if (event.type === 'cleaned') cleaned.push(event);
    });
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await expect(office.tickets.clean({ signal: controller.signal })).rejects.toThrow('aborted');
    listening.unsubscribe();
    expect(cleaned).toHaveLength(1);
    expect(cleaned).not.toEqual([
      expect.objectContaining({ counts: expect.objectContaining({ referenced: 8 }) as unknown }),
    ]);
  });

  it('[F-11] deletes past a ticket that a trigger keeps', async () => {
    await used('archive');
    await used();
    const counts = await office.tickets.clean();
    expect(counts).toEqual({ used: 1, revoked: 0, expired: 0, referenced: 1 });
  });
});
