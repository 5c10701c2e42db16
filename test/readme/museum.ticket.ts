import { Ticket } from 'nestjs-ticketoffice';
import { Column, Entity, Index } from 'typeorm';

@Entity(Ticket.table)
export class MuseumTicket<T = unknown> extends Ticket<T> {
  @Index()
  @Column({ type: 'varchar', length: 40, nullable: true })
  gallery!: string | null;

  @Column({ type: 'integer', default: 1 })
  persons!: number;

  get label(): string {
    return `${this.gallery ?? 'All galleries'}, ${this.persons} of you`;
  }
}
