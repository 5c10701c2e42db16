import { Ticket } from 'nestjs-ticketoffice';
import { Column, Entity, UpdateDateColumn, VersionColumn } from 'typeorm';

/** A ticket with columns whose values databases keep otherwise than they were given, or not at all. */
@Entity(Ticket.table)
export class OddTicket<T = unknown> extends Ticket<T> {
  /** The library has a field of this name, too. */
  @Column({ type: 'varchar', length: 100, nullable: true })
  json!: string | null;

  @Column({ type: 'varchar', length: 10, nullable: true })
  seat!: string | null;

  @Column({ type: 'date', nullable: true })
  day!: string | null;

  @Column({ type: 'time', nullable: true })
  opens!: string | null;

  @Column({ type: 'bigint', nullable: true })
  big!: string | number | bigint | null;

  @Column({ type: 'decimal', precision: 10, scale: 2, nullable: true })
  amount!: string | number | null;

  /** Without a precision: whole seconds on MariaDB. */
  @Column({ type: Date, nullable: true })
  at!: Date | null;

  @Column({ type: Date, precision: 1, nullable: true })
  tenth!: Date | null;

  @Column({ type: 'simple-json', nullable: true })
  route!: { rooms: number[] } | null;

  @Column({ type: 'simple-array', nullable: true })
  languages!: string[] | null;

  @VersionColumn()
  version!: number;

  @UpdateDateColumn()
  changedAt!: Date;
}
