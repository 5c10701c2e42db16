import { Column, Entity, PrimaryGeneratedColumn, JoinColumn, ManyToOne } from 'typeorm';
import { Ticket } from 'nestjs-ticketoffice';

/** The gallery's guide, whom tickets refer to. */
@Entity({ name: 'guide' })
export class Guide {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar', length: 40 })
  name!: string;
}

export enum Tour {
  Short = 'short',
  Long = 'long',
}

/** A price in cents, kept as their number. */
export class Price {
  constructor(readonly cents: number) {}

  toString(): string {
    return `${(this.cents / 100).toFixed(2)} €`;
  }
}

/** The table's column holds cents below a million. */
const price = {
  to: (value: Price | null | undefined) => value?.cents,
  from(cents: number | null): Price | null {
    if (cents === null) return null;
    if (cents > 1_000_000) throw new Error(`no price has ${cents} cents`);
    return new Price(cents);
  },
};

/** A ticket with columns of many kinds. */
@Entity(Ticket.table)
export class MuseumTicket<T = unknown> extends Ticket<T> {
  @Column({ type: 'varchar', length: 40, nullable: true })
  gallery!: string | null;

  @Column({ type: 'varchar', length: 20, default: 'adult' })
  fare!: string;

  @Column({ type: 'integer', default: 1 })
  persons!: number;

  @Column({ type: 'boolean', default: false })
  guided!: boolean;

  @Column({ type: 'simple-json', nullable: true })
  route!: { rooms: number[] } | null;

  @Column({ type: 'simple-array', nullable: true })
  languages!: string[] | null;

  @Column({ type: 'simple-enum', enum: Tour, default: Tour.Short })
  tour!: Tour;

  @Column({ type: 'date', nullable: true })
  day!: string | null;

  @Column({ type: 'integer', nullable: true, transformer: price })
  price!: Price | null;

  /** For the office alone. */
  @Column({ type: 'varchar', length: 100, nullable: true, select: false })
  note?: string | null;

  /** Counted by the museum, behind the ticket office's back. */
  @Column({ type: 'integer', default: 7, insert: false })
  visits!: number;

  @Column({ type: 'integer', nullable: true })
  guideId!: number | null;

  @ManyToOne(() => Guide)
  @JoinColumn({ name: 'guideId' })
  guide?: Guide;

  get label(): string {
    return `${this.place}: ${this.gallery ?? 'anywhere'}`;
  }
}
