import { Column, Entity, PrimaryColumn } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { isDuplicateRow } from '../../lib/database/constraint.error.js';
import { eachDatabase } from '../support/databases.js';
import type { DataSource } from 'typeorm';

@Entity()
class Seat {
  @PrimaryColumn()
  number!: number;

  @Column({ type: 'varchar', length: 20, unique: true })
  name!: string;
}

eachDatabase('A row', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.connect({ entities: [Seat], synchronize: true });
    await dataSource.manager.insert(Seat, { number: 1, name: 'one' });
  });

  it.each([
    ['whose primary key is there is a duplicate', { number: 1, name: 'two' }, true],
    ['whose unique column is there is a duplicate', { number: 2, name: 'one' }, true],
    ['that lacks a column is none', { number: 3, name: null as unknown as string }, false],
  ])('%s', async (_, row, isDuplicate) => {
    const error = await dataSource.manager.insert(Seat, row).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isDuplicateRow(error)).toBe(isDuplicate);
  });

  it('is none for an error of another kind', () => {
    for (const error of [undefined, null, new Error('no'), { code: 23505 }])
      expect(isDuplicateRow(error)).toBe(false);
  });
});
