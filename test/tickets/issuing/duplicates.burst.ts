import { randomUUID } from 'node:crypto';
import { type IssueInput, TicketError, type TicketService } from 'nestjs-ticketoffice';
import { faultsOf } from '../../support/faults.js';

/** Issues one ticket as the burst asks: with the rule of duplicates under test, or with a naive double of it. */
export type Issue = (
  office: TicketService,
  input: IssueInput,
) => Promise<{ readonly ticket: { uuid: string } }>;

/** Many issue for one subject at once, in turns through each office. Returns what is wrong afterwards. */
export async function burst(
  offices: readonly TicketService[],
  onDuplicate: 'revoke' | 'reject',
  issue: Issue,
  size = 64,
): Promise<string[]> {
  const place = `account ${randomUUID()}`;
  const input: IssueInput = { place, purpose: 'reset', subject: 'leonard', onDuplicate };
  const settled = await Promise.allSettled(
    Array.from({ length: size }, (_, index) => issue(offices[index % offices.length]!, input)),
  );
  const issued = settled.filter(({ status }) => status === 'fulfilled').length;
  const codes = settled.map((one) =>
    one.status === 'rejected' ? ((one.reason as Partial<TicketError>).code ?? String(one.reason)) : 'issued',
  );
  const valid = await offices[0]!.list({ place, status: 'valid' });
  const rows = await offices[0]!.list({ place });
  return faultsOf({
    valid: [valid.length, 1],
    issued: [issued, onDuplicate === 'reject' ? 1 : size],
    rows: [rows.length, issued],
    'other outcomes': [codes.filter((code) => code !== 'issued' && code !== 'TICKET_DUPLICATE').join(), ''],
  });
}
