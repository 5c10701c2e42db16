import { Command } from 'commander';
import type { ListInput } from '../tickets/input/list.input.js';
import { type Filter, wholeNumber, withFilter } from './flags.js';
import { columns } from './output.js';
import type { Run } from './session.js';
import { LIST_COLUMNS, listRow, ticketJson } from './ticket.view.js';

interface Flags extends Filter {
  readonly status?: ListInput['status'];
  readonly newest?: true;
  readonly limit: number;
  readonly after?: string;
}

/** As many as a person reads. */
const PAGE = 100;

export const listCommand = (run: Run): Command =>
  withFilter(new Command('list').description('list tickets, oldest first'))
    .option(
      '--status <status...>',
      'only used, revoked, expired, valid, claimed or locked ones; several: any of these',
    )
    .option('--newest', 'list the newest first')
    .option('--limit <n>', 'most tickets to list', wholeNumber, PAGE)
    .option('--after <uuid>', 'go on after this ticket')
    .action(({ newest, ...flags }: Flags) =>
      run(async (session) => {
        const { tickets } = await session.open();
        const page = await tickets.list({ ...flags, order: newest ? 'newest' : 'oldest' });
        const rows = page.length > 0 ? [LIST_COLUMNS, ...page.map(listRow)] : [];
        session.output.print(page.map(ticketJson), columns(rows));
        if (!session.output.isJson) session.output.note(summary(page.length, flags.limit, page.at(-1)?.uuid));
      }),
    );

/** For people, and not part of the result. */
function summary(count: number, limit: number, last: string | undefined): string {
  if (count === 0) return 'No tickets.';
  return count < limit ? `${count} ticket${count === 1 ? '' : 's'}.` : `For more: --after ${last}`;
}
