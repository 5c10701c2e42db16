import { Ticket } from 'nestjs-ticketoffice';
import { BaseEntity, Column, Entity, type EntitySubscriberInterface, PrimaryColumn } from 'typeorm';
import { expect, it } from 'vitest';
import { DedicatedDataSource } from '../../lib/database/sqlite.connections.js';
import { dataSourceOf } from '../../lib/database/typeorm.internals.js';
import { eachDatabase } from '../support/databases.js';
import { afterwards } from '../support/suite-scope.js';

@Entity()
class Painter extends BaseEntity {
  @PrimaryColumn({ type: 'varchar' })
  name!: string;

  @Column({ type: 'varchar' })
  city!: string;
}

eachDatabase('A twin of a data source', (database) => {
  const onSqlite = it.runIf(database.type === 'better-sqlite3');

  async function twins() {
    const app = await database.connect({ entities: [Ticket, Painter], synchronize: true });
    const twin = await new DedicatedDataSource(app).initialize();
    afterwards(() => twin.destroy());
    return { app, twin };
  }

  onSqlite('is another connection to the same file, which sees what is committed only', async () => {
    const { app, twin } = await twins();
    await app.transaction(async (manager) => {
      await manager.insert(Painter, { name: 'Rosa Bonheur', city: 'Bordeaux' });
      expect(await twin.manager.count(Painter)).toBe(0);
    });
    expect(await twin.manager.count(Painter)).toBe(1);
  });

  onSqlite('does not block the process while the file is locked', async () => {
    const { app, twin } = await twins();
    await app.transaction(async (manager) => {
      await manager.insert(Painter, { name: 'Judith Leyster', city: 'Haarlem' });
      await expect(twin.manager.delete(Painter, { city: 'Haarlem' })).rejects.toThrow(/locked/);
      expect(await twin.query('PRAGMA busy_timeout')).toEqual([{ timeout: 0 }]);
    });
  });

  onSqlite('waits for the disk when it commits, so that the power may fail', async () => {
    const { twin } = await twins();
    // https://sqlite.org/pragma.html#pragma_synchronous: 2 is FULL.
    expect(await twin.query('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
  });

  onSqlite('leaves active records to the app', async () => {
    const { app } = await twins();
    expect(dataSourceOf(Painter.getRepository().manager)).toBe(app);
  });

  onSqlite('tells the subscribers that the app has made, now or later', async () => {
    const { app, twin } = await twins();
    const told: unknown[] = [];
    const subscriber: EntitySubscriberInterface<Painter> = {
      afterInsert: ({ entity }) => void told.push(entity.name),
    };
    app.subscribers.push(subscriber);
    await twin.manager.save(Painter.create({ name: 'Mary Cassatt', city: 'Paris' }));
    expect(told).toEqual(['Mary Cassatt']);
  });

  onSqlite('drops, makes and migrates nothing', async () => {
    const app = await database.connect({ entities: [Ticket, Painter], synchronize: true, dropSchema: true });
    await app.manager.insert(Painter, { name: 'Sofonisba Anguissola', city: 'Cremona' });
    const twin = await new DedicatedDataSource(app).initialize();
    afterwards(() => twin.destroy());
    expect(await app.manager.count(Painter)).toBe(1);
  });
});
