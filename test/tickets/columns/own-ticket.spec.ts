import { Controller, Get, Injectable, Module, type ModuleMetadata } from '@nestjs/common';
import { getRepositoryToken, InjectDataSource, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Test } from '@nestjs/testing';
import {
  Ticket as OfficeTicket,
  ticketOfficeMigrations,
  TicketOfficeModule,
  TicketService,
} from 'nestjs-ticketoffice';
import { Column, DataSource, Entity, ManyToOne, PrimaryGeneratedColumn, Repository } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { SECRET } from '../../support/office.js';
import { eachDatabase, type TestDatabase } from '../../support/databases.js';
import { afterwards } from '../../support/suite-scope.js';

/** All data sources of one name share the entities that forFeature() has ever named in the process. */
const MUSEUM = 'museum with a help desk';

/** What a visitor has complained about: nothing of the ticket office's. */
@Entity({ name: 'support_ticket' })
class Ticket {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar', length: 100 })
  complaint!: string;
}

@Entity({ name: 'reply' })
class Reply {
  @PrimaryGeneratedColumn()
  id!: number;

  /** As in apps whose files would otherwise import each other. */
  @ManyToOne('Ticket', { nullable: false })
  ticket!: Ticket;
}

@Injectable()
class HelpDesk {
  constructor(
    @InjectRepository(Ticket, MUSEUM) readonly complaints: Repository<Ticket>,
    @InjectRepository(OfficeTicket, MUSEUM) readonly office: Repository<OfficeTicket>,
    @InjectDataSource(MUSEUM) readonly dataSource: DataSource,
  ) {}
}

@Controller()
class NoController {
  @Get()
  nothing(): void {}
}

const entities = TypeOrmModule.forFeature([Ticket, Reply], MUSEUM);
const both = TypeOrmModule.forFeature([OfficeTicket, Ticket, Reply], MUSEUM);
const office = TicketOfficeModule.forRoot({ secret: SECRET, dataSource: MUSEUM });

@Module({ imports: [entities, office], controllers: [NoController] })
class MuseumModule {}

async function start(database: TestDatabase, { imports }: ModuleMetadata, listed?: object[]) {
  const settings = listed ? { entities: listed as [] } : { autoLoadEntities: true };
  const typeorm = TypeOrmModule.forRoot(
    database.options({ name: MUSEUM, ...settings, synchronize: true, dropSchema: true }),
  );
  const root = { imports: [typeorm, both, ...imports!], providers: [HelpDesk] };
  const app = await Test.createTestingModule(root).compile();
  await app.init();
  afterwards(() => app.close());
  return { desk: app.get(HelpDesk), tickets: app.get(TicketService, { strict: false }) };
}

eachDatabase("an entity of the app's that is called Ticket, too", (database) => {
  describe.each<[string, ModuleMetadata, object[]?]>([
    ['before ours', { imports: [entities, office] }],
    ['after ours', { imports: [office, entities] }],
    ['in a module beside ours', { imports: [MuseumModule] }],
    ['listed before ours', { imports: [office] }, [Ticket, Reply, OfficeTicket]],
    ['listed after ours', { imports: [office] }, [OfficeTicket, Ticket, Reply]],
  ])('%s', (_, parts, listed) => {
    it('is found by its class, by its name, by its token, and through a relation by name', async () => {
      const { desk, tickets } = await start(database, parts, listed);
      await tickets.issue({ place: 'louvre', purpose: 'visit' });
      const { dataSource, complaints } = desk;
      const { id } = await complaints.save({ complaint: 'too dark' });
      await dataSource.getRepository(Reply).save({ ticket: { id } });
      expect(await dataSource.getRepository(Ticket).find()).toEqual([{ id, complaint: 'too dark' }]);
      expect(await dataSource.getRepository('Ticket').find()).toEqual([{ id, complaint: 'too dark' }]);
      expect(dataSource.getMetadata('Ticket').target).toBe(Ticket);
      expect(
        await dataSource.getRepository(Reply).findOneOrFail({ where: {}, relations: { ticket: true } }),
      ).toEqual({
        id: 1,
        ticket: { id, complaint: 'too dark' },
      });
      expect(complaints.target).toBe(Ticket);
    });

    it('leaves ours as it is: by its class, and by its token', async () => {
      const { desk, tickets } = await start(database, parts, listed);
      const { ticket } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
      expect(desk.office.target).toBe(OfficeTicket);
      expect(await desk.office.findOneByOrFail({ uuid: ticket.uuid })).toEqual(ticket);
    });
  });

  it('changes no name in the database', async () => {
    const dataSource = await database.connect({
      entities: [OfficeTicket, Ticket, Reply],
      migrations: ticketOfficeMigrations,
      migrationsRun: true,
      dropSchema: true,
    });
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    const ours = upQueries.filter(({ query }) => query.includes('ticket_office_ticket'));
    expect(ours).toEqual([]);
  });
});

it('has a token of its own', () => {
  expect(getRepositoryToken(OfficeTicket)).not.toBe(getRepositoryToken(Ticket));
});
