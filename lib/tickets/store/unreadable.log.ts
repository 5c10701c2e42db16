import { Logger } from '@nestjs/common';
import type { TicketRow } from './ticket.row.js';

/** How many lines are written until the process ends. */
const MOST = 100;

const ADVICE =
  'It admits nobody until its row is mended, or read by the version that has written it. revoke() and clean() work on it';
const NO_UUID =
  'A row has no uuid in its column uuid, and so is no ticket: list() leaves it out. Delete it, or write one there';

/** Logs each row that cannot be read once, by names alone: a stranger who asks for it again and again adds no line. */
export class UnreadableLog {
  private readonly logger = new Logger('TicketOffice');
  private readonly lines = new Set<string>();

  add({ uuid, unreadable }: TicketRow): void {
    if (!unreadable) return;
    // Anything may be in place of a uuid, and must not be logged.
    const isNamed = !unreadable.includes('uuid');
    this.write(isNamed ? `Ticket ${uuid} cannot be read (${unreadable.join(', ')}). ${ADVICE}` : NO_UUID);
  }

  private write(line: string): void {
    if (this.lines.has(line) || this.lines.size > MOST) return;
    this.lines.add(line);
    this.logger.warn(this.lines.size > MOST ? `More than ${MOST} rows cannot be read: see list()` : line);
  }
}
