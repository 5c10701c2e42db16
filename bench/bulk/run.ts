import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type IssueInput, type TicketService } from 'nestjs-ticketoffice';
import { v7 } from 'uuid';
import { FIRST_NAME, PLACE, PURPOSE } from '../settings.js';
import type { ByHand, Row } from './by-hand.js';
import { BATCH, type Plan } from './plan.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heap = (): number => process.memoryUsage().heapUsed / 2 ** 20;

/** What was measured: seconds of each way, and the growth of the heap in MiB: what is alive at the end, and the peak. */
export interface Bulk {
  readonly ours: number;
  readonly byHand: number;
  readonly growth: number;
  readonly peak: number;
}

const subjectOf = (number: number): string => `guest ${number}`;
const dataOf = (number: number) => ({ firstName: FIRST_NAME, number });

function* inputs(from: number, count: number): Generator<IssueInput> {
  for (let number = from; number < from + count; number += 1)
    yield {
      place: PLACE,
      purpose: PURPOSE,
      subject: subjectOf(number),
      data: dataOf(number),
      expiresIn: '5d',
    };
}

/** Rows as issueMany() writes them, but for the key: made before the clock runs. */
function rows(from: number, count: number): Row[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => [
    v7(),
    PLACE,
    PURPOSE,
    subjectOf(from + index),
    JSON.stringify(dataOf(from + index)),
    now,
    now + 432_000_000,
    `hmac-sha256$abcdefgh$${'x'.repeat(43)}`,
    1,
    0,
  ]);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Writes the same number of tickets in both ways, in turns: ours – by hand – by hand – ours. */
export async function measure(tickets: TicketService, byHand: ByHand, plan: Plan): Promise<Bulk> {
  let peak = 0;
  const ours = (from: number, count: number) =>
    seconds(async () => {
      let taken = 0;
      for await (const { ticket } of tickets.issueMany(inputs(from, count), { batchSize: BATCH })) {
        if (ticket.subject === null) throw new Error('A ticket has lost its subject');
        taken += 1;
        if (taken % 1000 === 0) peak = Math.max(peak, heap());
      }
    });
  const other = async (from: number, count: number) => {
    const made = rows(from, count);
    return seconds(async () => {
      for (let start = 0; start < count; start += BATCH)
        await byHand.insert(made.slice(start, start + BATCH));
    });
  };
  await ours(0, plan.warmUp);
  await other(0, plan.warmUp);
  collectGarbage();
  const before = heap();
  const sums = { ours: 0, byHand: 0 };
  for (let from = 0; from < plan.tickets; from += plan.stretch) {
    const isOursFirst = (from / plan.stretch) % 2 === 0;
    if (isOursFirst) sums.ours += await ours(from, plan.stretch);
    sums.byHand += await other(from, plan.stretch);
    if (!isOursFirst) sums.ours += await ours(from, plan.stretch);
  }
  collectGarbage();
  const written = await byHand.count();
  if (written !== 2 * (plan.warmUp + plan.tickets)) throw new Error(`${written} tickets were written`);
  return { ...sums, growth: heap() - before, peak: peak - before };
}
