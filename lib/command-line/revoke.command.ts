import { Command } from 'commander';
import type { TicketService } from '../tickets/ticket.service.js';
import { CommandLineError, noSuchTicket, usageError } from './failure.js';
import { type Filter, withFilter } from './flags.js';
import type { Run } from './session.js';

interface Flags extends Filter {
  readonly yes?: true;
}

export const revokeCommand = (run: Run): Command =>
  withFilter(new Command('revoke').description('revoke one ticket; or all of a subject, place or purpose'))
    .argument('[uuid]')
    .option('--yes', 'revoke all tickets that the filter finds; without it they are only counted')
    .action((uuid: string | undefined, { yes, ...filter }: Flags) =>
      run(async (session) => {
        const isFiltered = Object.keys(filter).length > 0;
        // Both together could be meant either way.
        if (isFiltered === (uuid !== undefined)) {
          throw usageError(
            'write either the uuid of one ticket, or some of --subject, --place and --purpose',
          );
        }
        const { tickets } = await session.open();
        if (uuid !== undefined) await revokeOne(tickets, uuid);
        else if (!yes) throw await unconfirmed(tickets, filter);
        const revoked = uuid === undefined ? await tickets.revokeAll(filter) : 1;
        session.output.print({ revoked }, [`Revoked ${counted(revoked)}.`]);
      }),
    );

async function revokeOne(tickets: TicketService, uuid: string): Promise<void> {
  if (await tickets.revoke(uuid)) return;
  const ticket = await tickets.find(uuid);
  throw ticket
    ? new CommandLineError(`the ticket ${ticket.uuid} is ${ticket.status()} already`)
    : noSuchTicket(uuid);
}

async function unconfirmed(tickets: TicketService, filter: Filter): Promise<CommandLineError> {
  const count = await tickets.count({ ...filter, status: ['valid', 'expired'] });
  return usageError(`this would revoke ${counted(count)}: add --yes to do it`);
}

const counted = (count: number): string => `${count} ticket${count === 1 ? '' : 's'}`;
