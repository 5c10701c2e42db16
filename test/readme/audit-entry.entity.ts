import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class AuditEntry {
  @PrimaryGeneratedColumn()
  id!: number;

  @CreateDateColumn()
  writtenAt!: Date;

  @Column({ length: 20 })
  type!: string;

  @Index()
  @Column({ type: 'varchar', length: 36, nullable: true })
  uuid!: string | null;

  @Column({ type: 'text' })
  details!: string;
}
