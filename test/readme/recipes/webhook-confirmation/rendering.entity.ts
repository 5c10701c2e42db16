import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Rendering {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 8, default: 'begun' })
  status!: 'begun' | 'done' | 'failed';

  @Column({ type: 'varchar', length: 500, nullable: true })
  video!: string | null;
}
