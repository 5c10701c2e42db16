import { type IssueInput, Ticket, TicketInputError } from 'nestjs-ticketoffice';
import { Column, CreateDateColumn, Entity, UpdateDateColumn, VersionColumn } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../support/collect.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { StatementLog } from '../../support/statement-log.js';

const VISIT = { place: 'louvre', purpose: 'visit' };

const upperCase = { to: (text: string) => text.toUpperCase(), from: (text: string | null) => text };

@Entity(Ticket.table)
class TourTicket extends Ticket {
  @Column({ type: 'varchar', length: 40 })
  gallery!: string;

  @Column({ type: 'varchar', length: 40, nullable: true, transformer: upperCase })
  code!: string | null;

  @Column({ type: 'bigint', nullable: true })
  serial!: string | null;

  @Column({ type: 'decimal', precision: 10, scale: 2, nullable: true })
  weight!: string | null;

  @Column({ name: 'starts_at', type: Date, precision: 3, nullable: true })
  startsAt!: Date | null;

  @CreateDateColumn()
  noted!: Date;

  @UpdateDateColumn()
  changed!: Date;

  @VersionColumn()
  version!: number;

  constructor() {
    super();
    this.code = 'of the constructor';
  }
}

eachDatabase('columns of an own entity, some of which must be given', (database) => {
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { entity: TourTicket }, { logger: log });
  });
  const issue = async (input: object) => {
    const issued = await office.tickets.issue({ ...VISIT, ...input } as IssueInput);
    return issued.ticket as TourTicket;
  };

  it.each<[string, object, RegExp]>([
    [
      'one that is left out',
      { code: 'a' },
      /^issue\(\): gallery is missing: write it, or give its column a default, or make it nullable$/,
    ],
    ['one that is undefined', { gallery: undefined, code: 'a' }, /gallery is missing/],
    ['one that is null', { gallery: null, code: 'a' }, /gallery must not be null/],
    [
      'what a transformer does not take',
      { gallery: 'Denon' },
      /code is missing, and its column's transformer refuses undefined: write it, or return undefined there$/,
    ],
    [
      'what it takes for something else',
      { gallery: 'Denon', code: 7 },
      /code is refused by its column's transformer$/,
    ],
    ['a fraction of a serial', { gallery: 'Denon', code: 'a', serial: 1.5 }, /serial must be a whole number/],
    ['a weight in words', { gallery: 'Denon', code: 'a', weight: 'much' }, /weight must be a finite number/],
    ['a date as text', { gallery: 'Denon', code: 'a', startsAt: '2026' }, /startsAt must be a valid Date/],
    ['no date', { gallery: 'Denon', code: 'a', startsAt: new Date(NaN) }, /startsAt must be a valid Date/],
    ['the version', { gallery: 'Denon', code: 'a', version: 9 }, /'version' is unknown/],
    ['when it was changed', { gallery: 'Denon', code: 'a', changed: new Date() }, /'changed' is unknown/],
  ])('refuse %s, before any statement', async (_, input, message) => {
    const statements = await log.during(async () => {
      await expect(issue(input)).rejects.toThrow(message);
      await expect(issue(input)).rejects.toThrow(TicketInputError);
    });
    expect(statements).toEqual([]);
  });

  it('have what was given, and what TypeORM and the database fill', async () => {
    const startsAt = new Date('2026-12-24T18:30:00.123Z');
    const given = { gallery: 'Denon', code: 'abc', serial: 2n ** 60n, weight: '12.50', startsAt };
    const ticket = await issue(given);
    expect(ticket).toMatchObject({ gallery: 'Denon', code: 'ABC', startsAt, version: 1 });
    expect(Number(ticket.weight)).toBe(12.5);
    expect(BigInt(ticket.serial!)).toBe(2n ** 60n);
    expect(ticket.noted).toBeInstanceOf(Date);
    expect(await office.tickets.find(ticket.uuid)).toEqual(ticket);
    const [listed] = await office.tickets.list({ startsAt, weight: 12.5, code: 'abc' } as object);
    expect(listed).toEqual(ticket);
  });

  it('count the versions of a ticket that is used', async () => {
    const { uuid } = await issue({ gallery: 'Denon', code: 'a' });
    const ticket = (await office.tickets.find(uuid))!;
    await (await office.tickets.claim(ticket)).stamp();
    expect(await office.tickets.find(uuid)).toMatchObject({ used: true, version: 3 });
  });

  describe('in batches', () => {
    const issueMany = async (inputs: object[]) => {
      const all = inputs.map((input) => ({ ...VISIT, code: 'a', ...input }) as IssueInput);
      return (await collect(office.tickets.issueMany(all))).map(({ ticket }) => ticket as TourTicket);
    };

    it('are written by one statement, and read by another', async () => {
      const galleries = Array.from({ length: 20 }, (_, index) => `gallery ${index}`);
      const statements = await log.during(async () => {
        const tickets = await issueMany(galleries.map((gallery) => ({ gallery })));
        expect(tickets.map(({ gallery }) => gallery)).toEqual(galleries);
        for (const ticket of tickets) expect(ticket).toMatchObject({ code: 'A', serial: null, version: 1 });
      });
      expect(statements.map((sql) => sql.slice(0, 6))).toEqual(['INSERT', 'SELECT']);
    });

    it('have their own values, though an earlier batch was written by the same statement', async () => {
      for (const gallery of ['Sully', 'Richelieu']) {
        const tickets = await issueMany([{ gallery }, { gallery }]);
        expect(tickets.map((ticket) => ticket.gallery)).toEqual([gallery, gallery]);
      }
      const unlike = await issueMany([{ gallery: 'Denon' }, { gallery: 'Sully', weight: 3 }]);
      expect(unlike.map(({ weight }) => weight && Number(weight))).toEqual([null, 3]);
    });

    it('fit into one statement a thousand at a time', async () => {
      const inputs = Array.from(
        { length: 1000 },
        () => ({ ...VISIT, gallery: 'Denon', code: 'a' }) as IssueInput,
      );
      const tickets = await collect(office.tickets.issueMany(inputs, { batchSize: 1000 }));
      expect(tickets).toHaveLength(1000);
    });
  });
});
