import { Command } from 'commander';
import { CommandLineError, noSuchTicket } from './failure.js';
import type { Run } from './session.js';

export const reopenCommand = (run: Run): Command =>
  new Command('reopen')
    .description('free a ticket whose claim will not end, because its process crashed')
    .argument('<uuid>')
    .action((uuid: string) =>
      run(async (session) => {
        const { tickets } = await session.open();
        if (!(await tickets.reopen(uuid))) {
          const ticket = await tickets.find(uuid);
          throw ticket
            ? new CommandLineError(`no claim holds the ticket ${ticket.uuid}`)
            : noSuchTicket(uuid);
        }
        session.output.print({ reopened: true }, ['Reopened.']);
      }),
    );
