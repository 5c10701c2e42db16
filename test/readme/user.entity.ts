import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('app_user')
export class User {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 254, default: '' })
  password!: string;

  @Index()
  @Column({ type: 'varchar', length: 64, nullable: true })
  resetTokenHash!: string | null; // SHA-256 of what is in the link

  @Column({ type: 'bigint', nullable: true })
  resetTokenExpiresAt!: number | null; // milliseconds since 1970
}
