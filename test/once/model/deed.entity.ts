import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What somebody was let do by a ticket: one row for each time. */
@Entity()
export class Deed {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar', length: 36 })
  ticket!: string;

  @Column({ type: 'varchar', length: 40 })
  doer!: string;
}
