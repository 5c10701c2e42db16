import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Account {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 254, unique: true, nullable: true })
  email!: string;

  @Column({ type: 'varchar', length: 254, default: '' })
  password!: string;
}
