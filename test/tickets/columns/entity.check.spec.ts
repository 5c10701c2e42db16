import { randomUUID } from 'node:crypto';
import { Logger, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  Ticket,
  TicketOfficeConfigurationError,
  TicketOfficeModule,
  TicketService,
} from 'nestjs-ticketoffice';
import {
  Column,
  DefaultNamingStrategy,
  DeleteDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  VirtualColumn,
} from 'typeorm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eachDatabase, oneDatabase, type TestDatabase } from '../../support/databases.js';
import { SECRET, startOffice } from '../../support/office.js';
import { afterwards } from '../../support/suite-scope.js';
import { Guide } from './museum-ticket.js';

class Address {
  @Column({ type: 'varchar', length: 40 })
  city!: string;
}

/** Entities of the table, each with one property. */
function entityWith(...decorated: [name: string, ...decorators: PropertyDecorator[]][]): Type<Ticket> {
  @Entity(Ticket.table)
  class WrongTicket extends Ticket {}
  for (const [name, ...decorators] of decorated) {
    for (const decorate of decorators) decorate(WrongTicket.prototype, name);
  }
  return WrongTicket;
}

const text = (name?: string) =>
  Column({ type: 'varchar', length: 40, nullable: true, ...(name && { name }) });

class NoEntity extends Ticket {}

@Entity({ name: 'museum_ticket' })
class OtherTable extends Ticket {}

@Entity(Ticket.table)
class MuseumTicket extends Ticket {
  @text()
  gallery!: string | null;
}

@Entity({ name: 'ticket_office_ticket' })
class WithoutCollation extends Ticket {}

async function boot(database: TestDatabase, entity: unknown, typeorm: object = {}): Promise<void> {
  // All data sources of one name share the entities that forFeature() has ever named in the process.
  const name = `museum of ${randomUUID()}`;
  const loaded = { autoLoadEntities: true, synchronize: true, dropSchema: true };
  const root = database.options({ name, ...loaded, ...typeorm });
  const settings = { secret: SECRET, ...(entity === Ticket ? {} : { entity: entity as Type<Ticket> }) };
  const office = TicketOfficeModule.forRoot({ dataSource: name, ...settings });
  const app = await Test.createTestingModule({ imports: [TypeOrmModule.forRoot(root), office] }).compile();
  afterwards(() => app.close().catch(() => undefined));
  await app.init();
}

async function refusal(database: TestDatabase, entity: unknown, typeorm?: object): Promise<string> {
  const error: unknown = await boot(database, entity, typeorm).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
  return (error as Error).message;
}

const EXAMPLE = 'write @Entity(Ticket.table) class MuseumTicket extends Ticket';

beforeEach(() => {
  for (const level of ['error', 'warn'] as const) vi.spyOn(Logger.prototype, level).mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

eachDatabase('the table of an own entity', (database) => {
  it('has its name, and on MariaDB its collation', async () => {
    await boot(database, MuseumTicket);
    if (database.name !== 'mariadb') return boot(database, WithoutCollation);
    expect(await refusal(database, WithoutCollation)).toBe(
      `entity WithoutCollation lacks the table's engine and collation: ${EXAMPLE}`,
    );
  });
});

oneDatabase('an own entity is refused at boot, when it', (database) => {
  it.each<[string, unknown, string]>([
    ['is undefined', undefined, 'entity is undefined: two files import each other'],
    ['is no class', 'MuseumTicket', `entity must be a class that extends Ticket, not a string: ${EXAMPLE}`],
    ['is null', null, `entity must be a class that extends Ticket, not null: ${EXAMPLE}`],
    ['is another entity', Guide, `entity must be a class that extends Ticket, not Guide: ${EXAMPLE}`],
    ['has no decorator', NoEntity, `entity NoEntity is no entity: ${EXAMPLE}`],
    [
      'has another table',
      OtherTable,
      `entity OtherTable has another table than ticket_office_ticket, which the migrations make: ${EXAMPLE}`,
    ],
  ])('%s', async (_, entity, message) => {
    expect(await refusal(database, entity)).toContain(message);
  });

  it.each<[string, Type<Ticket>, string]>([
    [
      'overrides a column of ours',
      entityWith(['place', text()]),
      'place is a column of Ticket: leave it as it is there',
    ],
    ['overrides an internal', entityWith(['verifier', text()]), 'verifier is a column of Ticket'],
    [
      'takes the name of an internal',
      entityWith(['proof', text('verifier')]),
      'proof is kept in verifier, a column of Ticket',
    ],
    [
      'takes it in other letters',
      entityWith(['at', text('USEDAT')]),
      'at is kept in USEDAT, a column of Ticket',
    ],
    [
      'has a field of issue()',
      entityWith(['password', text()]),
      "password has another meaning: give the property another name, and the column with { name: 'password' }",
    ],
    ['has a field of a definition', entityWith(['params', text()]), 'params has another meaning'],
    ['has a filter of list()', entityWith(['status', text()]), 'status has another meaning'],
    ['has a page of list()', entityWith(['limit', text()]), 'limit has another meaning'],
    ['hides a predicate', entityWith(['isValid', text()]), 'isValid has another meaning'],
    ['changes its JSON', entityWith(['toJSON', text()]), 'toJSON has another meaning'],
    [
      'has an embedded class',
      entityWith(['address', Column(() => Address)]),
      'city is in an embedded class: write its columns in the entity itself',
    ],
    [
      'has a relation alone',
      entityWith(['guide', ManyToOne(() => Guide)]),
      'guide is a relation without a property for its column: write one beside it, such as @Column() museumId: number',
    ],
    [
      'has no column of the table',
      entityWith(['n', VirtualColumn('integer', { query: () => 'SELECT 1' })]),
      'n is no column of the table: write a getter',
    ],
    [
      'hides tickets',
      entityWith(['gone', DeleteDateColumn()]),
      'gone would hide tickets from the ticket office: revoke them instead',
    ],
    [
      'has another key',
      entityWith(['key', PrimaryColumn({ type: 'varchar', length: 4 })]),
      'key cannot be part of the key: that is uuid',
    ],
    [
      'writes what the database makes',
      entityWith([
        'up',
        Column({ type: 'varchar', length: 40, asExpression: 'upper(place)', generatedType: 'STORED' }),
      ]),
      'up is made by the database: write insert: false, update: false',
    ],
    ['has two faults', entityWith(['after', text()], ['place', text()]), '; '],
  ])('%s', async (_, entity, message) => {
    // Without its table: a database may refuse that, too.
    const refused = await refusal(database, entity, { entities: [Guide], synchronize: false });
    expect(refused).toContain(`entity WrongTicket: `);
    expect(refused).toContain(message);
  });

  it('is beside Ticket in the data source, where each would drop the columns of the other', async () => {
    const both = { entities: [Ticket, MuseumTicket], autoLoadEntities: false };
    expect(await refusal(database, MuseumTicket, both)).toContain(
      'list MuseumTicket alone, since synchronize would drop',
    );
  });

  it.each([
    ['alone', { entities: [MuseumTicket], autoLoadEntities: false }],
    ['too', { entities: [MuseumTicket] }],
  ])('is known to the data source %s, and not to the module', async (_, typeorm) => {
    expect(await refusal(database, Ticket, typeorm)).toContain(
      'write entity: MuseumTicket beside isGlobal in TicketOfficeModule.forRoot(), and leave Ticket out of the data source',
    );
  });

  it('is unknown to the data source', async () => {
    expect(await refusal(database, MuseumTicket, { autoLoadEntities: false })).toBe(
      'The data source does not know the MuseumTicket entity: write autoLoadEntities: true, or add MuseumTicket to its entities',
    );
  });
});

oneDatabase('an own entity is fine', (database) => {
  it('with a relation whose column is a property, and by forRootAsync', async () => {
    const entity = entityWith(
      ['guideId', Column({ type: 'integer', nullable: true })],
      ['guide', ManyToOne(() => Guide), JoinColumn({ name: 'guideId' })],
    );
    await boot(database, entity, { entities: [Guide] });
    const name = `museum of ${randomUUID()}`;
    const options = { dataSource: name, entity, useFactory: () => ({ secret: SECRET }) };
    const office = TicketOfficeModule.forRootAsync(options);
    const loaded = { autoLoadEntities: true, synchronize: true, entities: [Guide] };
    const root = database.options({ name, ...loaded });
    const app = await Test.createTestingModule({ imports: [TypeOrmModule.forRoot(root), office] }).compile();
    afterwards(() => app.close());
    await app.init();
    const tickets = app.get(TicketService);
    expect((await tickets.issue({ place: 'a', purpose: 'b' })).ticket).toBeInstanceOf(entity);
  });

  it('beside one of another table that extends Ticket, too', async () => {
    await boot(database, MuseumTicket, { entities: [OtherTable] });
    await boot(database, Ticket, { entities: [OtherTable] });
  });

  it('with a prefix for tables, and a naming strategy of the app', async () => {
    class Shouting extends DefaultNamingStrategy {
      override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
        return custom ?? `THE_${super.columnName(property, '', prefixes)}`;
      }
    }
    const naming = { entityPrefix: 'museum_', namingStrategy: new Shouting() };
    const { tickets, dataSource } = await startOffice(database, { entity: MuseumTicket }, naming);
    const input = { place: 'louvre', purpose: 'visit', gallery: 'Denon' };
    const { ticket } = await tickets.issue(input);
    expect(ticket).toMatchObject(input);
    expect(await tickets.list({ gallery: 'Denon' } as object)).toEqual([ticket]);
    const rows: unknown[] = await dataSource.query(
      `SELECT ${dataSource.driver.escape('THE_gallery')} FROM museum_ticket_office_ticket`,
    );
    expect(rows).toEqual([{ THE_gallery: 'Denon' }]);
  });
});
