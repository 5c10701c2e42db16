import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Subscriber {
  @PrimaryColumn({ type: 'varchar', length: 191 })
  email!: string;

  @Column({ type: 'varchar', length: 500 })
  unsubscribeLink!: string; // the same in each mail

  @Column({ type: 'boolean', default: true })
  subscribed!: boolean;
}
