import { existsSync } from 'node:fs';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { execute, type ServerType } from './database-servers.js';
import { eachDatabase, type TestDatabase } from './databases.js';

@Entity()
class Note {
  @PrimaryColumn()
  id!: number;

  @Column()
  text!: string;
}

const notes = { entities: [Note], synchronize: true };

/** The databases of the blocks that are over, so that a later block can see that nothing is left of them. */
const left: TestDatabase[] = [];

eachDatabase('a block', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.connect(notes);
    await dataSource.manager.save(Note, { id: 1, text: 'of the first block' });
  });
  afterAll(() => left.push(database));

  it('has a database of the type it names', () => {
    expect(dataSource.isInitialized).toBe(true);
    expect(dataSource.options.type).toBe(database.type);
  });

  it('sees the same data on each of its connections', async () => {
    const second = await database.connect(notes);
    expect(await second.manager.find(Note)).toEqual([{ id: 1, text: 'of the first block' }]);
    expect(second.driver.database).toBe(dataSource.driver.database);
  });

  it('merges what is given into its options', () => {
    expect(database.options({ entityPrefix: 'x_' })).toMatchObject({
      type: database.type,
      entityPrefix: 'x_',
    });
  });
});

eachDatabase('another block', (database) => {
  it('shares nothing with the first', async () => {
    const dataSource = await database.connect(notes);
    expect(await dataSource.manager.count(Note)).toBe(0);
  });
});

describe('after a block', () => {
  it('has nothing left of it', async () => {
    expect(left.map(({ name }) => name)).toEqual(inject('databases').map(({ name }) => name));
    for (const database of left) expect(await tables(database), database.name).toEqual([]);
  });
});

async function tables(database: TestDatabase): Promise<unknown[]> {
  const options = database.options();
  if (options.type === 'better-sqlite3') return existsSync(options.database) ? [options.database] : [];
  const { type, url } = options as { type: ServerType; url: string };
  const places = type === 'mariadb' ? '= DATABASE()' : "NOT IN ('pg_catalog', 'information_schema')";
  return execute(type, url, `SELECT table_name FROM information_schema.tables WHERE table_schema ${places}`);
}
