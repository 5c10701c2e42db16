import { Command } from 'commander';
import { CommandLineError } from './failure.js';
import type { Run } from './session.js';
import { noSuchTicket } from './show.command.js';

export const revokeCommand = (run: Run): Command =>
  new Command('revoke')
    .description('revoke a ticket')
    .argument('<uuid>')
    .action((uuid: string) =>
      run(async (session) => {
        const { tickets } = await session.open();
        if (!(await tickets.revoke(uuid))) {
          const ticket = await tickets.find(uuid);
          throw ticket
            ? new CommandLineError(`the ticket ${ticket.uuid} is ${ticket.status()} already`)
            : noSuchTicket(uuid);
        }
        session.output.print({ revoked: 1 }, ['Revoked 1 ticket.']);
      }),
    );
