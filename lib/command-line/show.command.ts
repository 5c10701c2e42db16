import { Command } from 'commander';
import { CommandLineError } from './failure.js';
import { columns, escaped, instant } from './output.js';
import type { Run } from './session.js';
import { ticketJson } from './ticket.view.js';

export const noSuchTicket = (uuid: string): CommandLineError =>
  new CommandLineError(`there is no ticket ${escaped(uuid)}`);

export const showCommand = (run: Run): Command =>
  new Command('show')
    .description('show a ticket')
    .argument('<uuid>')
    .action((uuid: string) =>
      run(async (session) => {
        const { tickets } = await session.open();
        const ticket = await tickets.find(uuid);
        if (!ticket) throw noSuchTicket(uuid);
        const lines = [
          ['uuid', ticket.uuid],
          ['status', ticket.status()],
          ['place', escaped(ticket.place)],
          ['purpose', escaped(ticket.purpose)],
          ['subject', escaped(ticket.subject ?? '-')],
          ['data', escaped(JSON.stringify(ticket.data))],
          ['issued', instant(ticket.createdAt)],
          ['expires', instant(ticket.expiresAt)],
          ['used', instant(ticket.usedAt)],
          ['revoked', instant(ticket.revokedAt)],
        ];
        session.output.print(ticketJson(ticket), columns(lines));
      }),
    );
