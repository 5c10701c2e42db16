import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What a handler did for a ticket: one row for each run. */
@Entity()
export class Effect {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ length: 36 })
  ticket!: string;

  /** The name of the app that ran the handler. */
  @Column({ length: 100 })
  app!: string;
}
