import { randomUUID } from 'node:crypto';
import { Column, type DataSource, Entity, type EntityManager, PrimaryColumn } from 'typeorm';

/** What an app writes for a ticket, to see whether it was written once, or not at all. */
@Entity('visit')
export class Visit {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 36 })
  uuid!: string;
}

export const writeVisit = async (manager: EntityManager, uuid: string): Promise<void> => {
  await manager.insert(Visit, { id: randomUUID(), uuid });
};

/** How many visits are there to be seen by others than who writes them. */
export const visitsOf = (dataSource: DataSource, uuid: string): Promise<number> =>
  dataSource.manager.countBy(Visit, { uuid });

/** For apps whose tables are not synchronised. */
export const createVisits = (dataSource: DataSource): Promise<unknown> =>
  dataSource.query(
    'CREATE TABLE IF NOT EXISTS visit (id varchar(36) PRIMARY KEY, uuid varchar(36) NOT NULL)',
  );
