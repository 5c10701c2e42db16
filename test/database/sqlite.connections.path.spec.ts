import { mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Test } from '@nestjs/testing';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule, TicketService } from 'nestjs-ticketoffice';
import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { SECRET } from '../support/office.js';
import { afterwards } from '../support/suite-scope.js';
import { Visit, visitsOf, writeVisit } from '../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };

/** Is kept in a file of its own. */
@Entity({ database: 'archive.sqlite' })
class Memoir {
  @PrimaryColumn({ type: 'varchar' })
  title!: string;

  @Column({ type: 'varchar' })
  author!: string;
}

/** Other specs run in this process: it is where it was when the test is over. */
function workIn(folder: string): void {
  const before = process.cwd();
  process.chdir(folder);
  afterwards(() => process.chdir(before));
}

eachDatabase('A SQLite file that its path no longer leads to', (database) => {
  describe.runIf(database.type === 'better-sqlite3')('is opened all the same', () => {
    /** Two new folders: the app starts in one, and works in the other. */
    function twoFolders() {
      const root = join(dirname((database.options() as { database: string }).database), crypto.randomUUID());
      const [here, elsewhere] = [join(root, 'here'), join(root, 'elsewhere')];
      for (const folder of [here, elsewhere]) mkdirSync(folder, { recursive: true });
      return { root, here, elsewhere };
    }

    /** Connects the app, then moves, and only then opens the ticket office. */
    async function openOffice(path: string, move: () => void, typeorm: object = {}) {
      const entities = [Visit, Memoir];
      const root = database.options({ autoLoadEntities: true, synchronize: true, entities, ...typeorm });
      const testing = await Test.createTestingModule({
        imports: [
          TypeOrmModule.forRoot({ ...root, database: path } as object),
          TicketOfficeModule.forRoot({ secret: SECRET }),
        ],
      }).compile();
      afterwards(() => testing.close());
      move();
      const app = await testing.init();
      return { tickets: app.get(TicketService), dataSource: app.get<DataSource>(getDataSourceToken()) };
    }

    type Office = Awaited<ReturnType<typeof openOffice>>;

    /** Issues and redeems a ticket; what is written meanwhile is in the app's file. */
    async function expectToWork({ tickets, dataSource }: Office) {
      const { ticket } = await tickets.issue(visit);
      await tickets.redeem(ticket, 'louvre', 'visit', ({ uuid }, manager) => writeVisit(manager, uuid));
      expect(await visitsOf(dataSource, ticket.uuid)).toBe(1);
      expect((await tickets.find(ticket.uuid))!.used).toBe(true);
    }

    /** Ends a transaction in a way that closes its connection, so that the next one opens the file again. */
    async function breakTransaction({ tickets }: Office) {
      const { ticket } = await tickets.issue(visit);
      const broken = tickets.redeem(ticket, 'louvre', 'visit', async (_, manager) => {
        await manager.query('ROLLBACK');
        throw new Error('The roof leaks');
      });
      await expect(broken).rejects.toThrow('The roof leaks');
    }

    const withoutArchive = { entities: [Visit] };

    it.each([
      'museum.sqlite',
      './museum.sqlite',
      'data/museum.sqlite',
      ' museum.sqlite',
      'file:museum.sqlite',
    ])('[A-13] when the process has gone to another folder: %j', async (path) => {
      const { here, elsewhere } = twoFolders();
      workIn(here);
      const office = await openOffice(path, () => workIn(elsewhere), withoutArchive);
      await expectToWork(office);
      expect(readdirSync(elsewhere)).toEqual([]);
    });

    it('[A-13] when the process goes there later, and the file is opened again', async () => {
      const { here, elsewhere } = twoFolders();
      workIn(here);
      const office = await openOffice('museum.sqlite', () => undefined, withoutArchive);
      workIn(elsewhere);
      await breakTransaction(office);
      await expectToWork(office);
      expect(readdirSync(elsewhere)).toEqual([]);
    });

    it('[A-13] when a link in its path leads to another folder by now', async () => {
      const { root, here, elsewhere } = twoFolders();
      const current = join(root, 'current');
      const lead = (to: string) => {
        rmSync(current, { force: true });
        symlinkSync(to, current);
      };
      lead(here);
      const office = await openOffice(join(current, 'museum.sqlite'), () => lead(elsewhere), withoutArchive);
      await expectToWork(office);
      expect(readdirSync(elsewhere)).toEqual([]);
    });

    it('[A-13] with the files that its entities are in', async () => {
      const { here, elsewhere } = twoFolders();
      workIn(here);
      const typeorm = { baseDirectory: '.' };
      const office = await openOffice('museum.sqlite', () => workIn(elsewhere), typeorm);
      const { ticket } = await office.tickets.issue(visit);
      await office.tickets.redeem(ticket, 'louvre', 'visit', (_, manager) =>
        manager.insert(Memoir, { title: 'Souvenirs', author: 'Élisabeth Vigée Le Brun' }),
      );
      expect(await office.dataSource.manager.count(Memoir)).toBe(1);
      expect(readdirSync(elsewhere)).toEqual([]);
    });

    it('[A-13] and never made anew where it is gone', async () => {
      const { here } = twoFolders();
      const file = join(realpathSync(here), 'museum.sqlite');
      const office = await openOffice(file, () => undefined, withoutArchive);
      await breakTransaction(office);
      const { ticket } = await office.tickets.issue(visit);
      rmSync(file);
      const redeemed = office.tickets.redeem(ticket, 'louvre', 'visit', () => undefined);
      await expect(redeemed).rejects.toThrow('unable to open database file');
      expect(readdirSync(here)).not.toContain('museum.sqlite');
    });

    it('[A-13] unless it is none: blanks around the name for a database in memory', async () => {
      const { here } = twoFolders();
      workIn(here);
      await expectToWork(await openOffice(' :memory: ', () => undefined, withoutArchive));
      expect(readdirSync(here)).toEqual([]);
    });
  });
});
