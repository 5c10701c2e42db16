import { Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Member {
  @PrimaryColumn({ type: 'varchar', length: 191 })
  email!: string;
}
