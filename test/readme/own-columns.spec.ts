import { TypeOrmModule } from '@nestjs/typeorm';
import { Test } from '@nestjs/testing';
import { Ticket, ticketOfficeMigrations, TicketOfficeModule, TicketService } from 'nestjs-ticketoffice';
import type { DataSource, Table } from 'typeorm';
import { expect, it } from 'vitest';
import { ask, cookieOf } from '../invitations/ask.js';
import { eachAdapter, request, startNestApp } from '../support/adapters.js';
import { anyDatabase } from '../support/app.js';
import { type DatabaseOverrides, eachDatabase } from '../support/databases.js';
import { SECRET } from '../support/office.js';
import { afterwards } from '../support/suite-scope.js';
import { AddGallery1795824000000 } from './add-gallery.migration.js';
import { GalleriesController } from './galleries.controller.js';
import { MuseumTicket } from './museum.ticket.js';

// All data sources of one name share the entities that forFeature() has ever named in the process.
const MUSEUM = 'museum with galleries';
const migrations = [...ticketOfficeMigrations, AddGallery1795824000000];

eachAdapter('The example on docs/own-columns.md', (adapter) => {
  it('issues for a gallery, lists its guests, and admits them', async () => {
    const options = { name: MUSEUM, autoLoadEntities: true, migrations, migrationsRun: true };
    const imports = [
      TypeOrmModule.forRoot(anyDatabase.options(options)),
      TicketOfficeModule.forRoot({
        isGlobal: true,
        secret: SECRET,
        baseUrl: 'https://museum.example',
        entity: MuseumTicket,
        dataSource: MUSEUM,
      }),
    ];
    const app = await startNestApp(adapter, { imports, controllers: [GalleriesController] });
    const { text: link } = await request(app).post('/galleries/Denon/invitations').expect(201);
    await request(app).post('/galleries/Sully/invitations').expect(201);
    const guests = await request(app).get('/galleries/Denon/guests').expect(200);
    expect(guests.body).toEqual([{ uuid: new URL(link).searchParams.get('uuid'), persons: 2 }]);
    const { pathname, search } = new URL(link);
    const opened = await ask(app, pathname + search);
    const seen = await ask(app, pathname, { headers: { Cookie: cookieOf(opened) } });
    expect(seen.body).toBe('Denon, 2 of you');
  });
});

eachDatabase('The migration on docs/own-columns.md', (database) => {
  const connect = async (overrides: DatabaseOverrides): Promise<DataSource> => {
    const dataSource = await database.connect({ entities: [MuseumTicket], ...overrides });
    afterwards(() => dataSource.dropDatabase());
    return dataSource;
  };
  const differences = async (dataSource: DataSource) =>
    (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
  const tableOf = async (dataSource: DataSource) => {
    const runner = dataSource.createQueryRunner();
    const table = await runner.getTable('ticket_office_ticket');
    await runner.release();
    return shapeOf(table!);
  };

  it('leaves no difference to the entity, for migration:generate', async () => {
    const dataSource = await connect({ migrations, migrationsRun: true });
    expect(await differences(dataSource)).toEqual([]);
  });

  it('makes what synchronize makes', async () => {
    const migrated = await tableOf(await connect({ migrations, migrationsRun: true }));
    const synchronized = await connect({ synchronize: true, dropSchema: true });
    expect(await differences(synchronized)).toEqual([]);
    expect(await tableOf(synchronized)).toEqual(migrated);
  });

  it('gives tickets that are there already its default, and goes back', async () => {
    const plain = { entities: [Ticket], migrations: ticketOfficeMigrations, migrationsRun: true };
    const dataSource = await database.connect(plain);
    const before = await tableOf(dataSource);
    const row = { uuid: '01981e2b-0000-7000-8000-000000000000', place: 'louvre', purpose: 'visit' };
    const rest = { data: {}, createdAt: new Date(0), verifier: 'x', generation: 1, attempts: 0 };
    await dataSource.getRepository(Ticket).insert({ ...row, ...rest });
    await dataSource.destroy();
    const later = await database.connect({ entities: [MuseumTicket], migrations, migrationsRun: true });
    const app = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRootAsync({
          name: MUSEUM,
          useFactory: () => database.options({ name: MUSEUM }),
          dataSourceFactory: async () => later,
        }),
        TicketOfficeModule.forRoot({ secret: SECRET, entity: MuseumTicket, dataSource: MUSEUM }),
      ],
    }).compile();
    await app.init();
    const [old] = await app.get<TicketService<MuseumTicket>>(TicketService).list({ persons: 1 });
    expect(old).toMatchObject({ ...row, gallery: null, persons: 1 });
    await later.undoLastMigration();
    expect(await tableOf(later)).toEqual(before);
    await later.dropDatabase();
    await app.close();
  });
});

/** What makes two tables the same, as the database tells it; it tells the order of columns, which differs, apart. */
const shapeOf = ({ columns, indices, engine }: Table) => ({
  columns: columns
    .map(({ name, type, length, isNullable, default: value, collation }) =>
      JSON.stringify({ name, type, length, isNullable, value, collation }),
    )
    .toSorted(),
  indices: indices
    .map(({ name, columnNames, where }) => JSON.stringify({ name, columnNames, where }))
    .toSorted(),
  engine,
});
