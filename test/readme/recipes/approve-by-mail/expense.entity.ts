import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Expense {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 200 })
  title!: string;

  @Column({ type: 'varchar', length: 8, default: 'open' })
  status!: 'open' | 'approved' | 'rejected';

  @Column({ type: 'varchar', length: 36, nullable: true })
  decidedBy!: string | null;

  @Column({ type: 'varchar', length: 1000, default: '' })
  comment!: string;
}
