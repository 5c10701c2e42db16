import { Entity, PrimaryColumn } from 'typeorm';

/** Stands for an app's own: who belongs to the team. */
@Entity()
export class Member {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  account!: string;
}
