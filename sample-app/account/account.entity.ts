import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A name and a password to log in with. */
@Entity('account')
export class Account {
  @PrimaryColumn({ type: 'varchar', length: 191 })
  name!: string;

  /** Salt and scrypt hash, in hex, with a colon between them. */
  @Column({ type: 'varchar', length: 255 })
  password!: string;
}
