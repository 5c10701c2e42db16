import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Account {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 191, unique: true, nullable: true })
  email!: string;

  @Column({ type: 'varchar', length: 254, default: '' })
  password!: string;

  @Column({ type: 'varchar', length: 16, nullable: true })
  phone!: string | null;

  @Column({ type: 'integer', default: 0 })
  sessionVersion!: number; // a session keeps the one it began with: with another, it is over
}
