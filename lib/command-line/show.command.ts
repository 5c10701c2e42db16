import { Command } from 'commander';
import type { TicketInspection } from '../tickets/ticket.inspection.js';
import { noSuchTicket } from './failure.js';
import { columns, escaped, instant } from './output.js';
import type { Run } from './session.js';
import { ticketJson } from './ticket.view.js';

export const showCommand = (run: Run): Command =>
  new Command('show')
    .description('show a ticket')
    .argument('<uuid>')
    .action((uuid: string) =>
      run(async (session) => {
        const { tickets } = await session.open();
        const inspection = await tickets.inspect(uuid);
        if (!inspection) throw noSuchTicket(uuid);
        const { ticket, ...state } = inspection;
        session.output.print({ ...ticketJson(ticket), ...state }, columns(linesOf(inspection)));
      }),
    );

const linesOf = ({
  ticket,
  status,
  claimedAt,
  attempts,
  attemptsLeft,
  locked,
}: TicketInspection): string[][] => [
  ['uuid', ticket.uuid],
  ['status', locked ? `${status}, locked` : status],
  ['place', escaped(ticket.place)],
  ['purpose', escaped(ticket.purpose)],
  ['subject', escaped(ticket.subject ?? '-')],
  ['data', escaped(JSON.stringify(ticket.data))],
  ['issued', instant(ticket.createdAt)],
  ['expires', instant(ticket.expiresAt)],
  ['claimed', instant(claimedAt)],
  ['used', instant(ticket.usedAt)],
  ['revoked', instant(ticket.revokedAt)],
  ['guesses', attemptsLeft === null ? '-' : `${attempts} wrong, ${attemptsLeft} left`],
];
