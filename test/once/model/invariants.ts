import { type Call, doerOf, type History, type Span } from './history.js';

type Invariant = (history: History) => string[];

/** What must hold of every history, whatever the order of things; each finds its faults, in sentences. */
export const invariants = {
  onceAtMost: ({ calls }) => {
    const successes = calls.filter(isSuccess);
    return successes.length > 1 ? [`several successes: ${successes.map(doerOf).join('; ')}`] : [];
  },

  usedForGood: ({ usedAt }) => {
    const instants = new Set(usedAt.filter((at) => at !== null));
    if (instants.size > 1) return [`usedAt was changed: ${[...instants].join(', ')}`];
    return instants.size === 1 && usedAt.at(-1) === null ? ['usedAt was erased'] : [];
  },

  /** Who is told of a success has made the stamp; and there is no stamp of nobody's. */
  stampIsTheWinners: ({ calls, usedAt, claimId }) => {
    const winners = calls.filter(isSuccess);
    const isUsed = usedAt.at(-1) !== null;
    if (!isUsed) return winners.map((winner) => `${doerOf(winner)} succeeded without a stamp`);
    if (winners.length === 0) return ['used, and nobody was told of a success'];
    return winners
      .filter(({ claimIds, taking }) => !(taking?.claimIds ?? claimIds).has(String(claimId)))
      .map((winner) => `${doerOf(winner)} succeeded with the stamp of another claim`);
  },

  /** What had not been called when the office answered that the ticket is over does not begin. */
  nothingBeginsAfterTheEnd: ({ calls }) =>
    calls
      .filter(isStart)
      .flatMap((start) =>
        calls
          .filter((end) => (isSuccess(end) || isRevocation(end)) && isBefore(end, start))
          .map((end) => `${doerOf(start)} began after ${doerOf(end)}`),
      ),

  nothingBeginsAfterTheExpiry: ({ calls, expiresAt }) =>
    calls
      .filter((call) => isStart(call) && call.at >= expiresAt)
      .map((start) => `${doerOf(start)} began after the expiry`),

  nothingBeginsWithAnOldSecret: ({ calls }) =>
    calls
      .filter(isStart)
      .filter(({ generation, from }) => {
        const renewals = calls.filter((call) => isReissue(call) && call.until < from);
        return generation <= renewals.length;
      })
      .map((start) => `${doerOf(start)} began with a secret that had been replaced`),

  /** But for a claim that was reopened, or that could be abandoned. */
  oneHolderAtATime: ({ calls, abandonedAfter }) =>
    pairs(calls.filter(isStart))
      .map((pair) => pair.toSorted((one, other) => one.hold!.from - other.hold!.from))
      .filter(([first, second]) => second!.hold!.from < first!.hold!.until)
      .filter(([first, second]) => second!.answeredAt < first!.at + (abandonedAfter ?? Infinity))
      // Nor, where the second was granted before the first, and heard of it later.
      .filter(([first, second]) => first!.at < second!.at + (abandonedAfter ?? Infinity))
      .filter(
        ([first, second]) => !calls.filter(isReopening).some((call) => isBetween(call, first!, second!)),
      )
      .map(([first, second]) => `${doerOf(second!)} took it from ${doerOf(first!)}`),

  /** Who has released a claim, or lost it to a reopening or to another's taking, has no success by it. */
  lostIsLost: ({ calls }) =>
    calls
      .filter((stamp) => stamp.name === 'stamp' && isSuccess(stamp))
      .flatMap((stamp) => {
        const taking = stamp.taking!;
        return calls
          .filter((loss) => isBefore(loss, stamp))
          .filter((loss) => loss.taking === taking || isBefore(taking, loss))
          .filter((loss) => isLoss(loss, taking))
          .map((loss) => `${doerOf(stamp)} succeeded after ${doerOf(loss)}`);
      }),

  deedsAsSuccesses: ({ calls, deeds }) =>
    calls
      .filter(({ name }) => name.startsWith('redeem'))
      .map((call) => {
        const written = deeds.filter((doer) => doer === doerOf(call)).length;
        return { call, written, wanted: Number(isSuccess(call)) };
      })
      .filter(({ written, wanted }) => written !== wanted)
      .map(({ call, written, wanted }) => `${doerOf(call)} was done ${written} times, not ${wanted}`),

  /** A race is no reason for an error of the server's, nor for the office to be busy. */
  answersAreForeseen: ({ calls }) =>
    calls
      .filter(({ answer }) => typeof answer === 'string' && !FORESEEN.has(answer))
      .map((call) => `${doerOf(call)} was answered ${String(call.answer)}`),
} satisfies Record<string, Invariant>;

export const faultsIn = (history: History): string[] =>
  Object.values(invariants).flatMap((faults: Invariant) => faults(history));

const FORESEEN: ReadonlySet<string> = new Set([
  'TICKET_INVALID',
  'TICKET_USED',
  'TICKET_REVOKED',
  'TICKET_EXPIRED',
  'TICKET_BUSY',
  'WORK_FAILED',
]);

/** The first had been answered when the second was called. */
const isBefore = (first: Span, second: Span): boolean => first.until < second.from;

/** Or may have been. */
const isBetween = (span: Span, first: Span, second: Span): boolean =>
  span.until > first.from && span.from < second.until;

const isDone = ({ answer }: Call): boolean => answer === undefined;

const isSuccess = (call: Call): boolean => ['stamp', 'redeem'].includes(call.name) && isDone(call);

/** Got the ticket, whatever became of it. */
const isStart = ({ hold }: Call): boolean => hold !== undefined;

const isRevocation = ({ name, answer }: Call): boolean => name === 'revoke' && answer === true;

const isReissue = (call: Call): boolean => call.name === 'reissue' && isDone(call);

const isReopening = ({ name, answer }: Call): boolean => name === 'reopen' && answer === true;

const isLoss = (call: Call, taking: Call): boolean =>
  (call.name === 'release' && call.taking === taking) ||
  (call.name === 'claim' && isStart(call)) ||
  isReopening(call) ||
  isReissue(call);

const pairs = <T>(list: readonly T[]): [T, T][] =>
  list.flatMap((one, index) => list.slice(index + 1).map((other): [T, T] => [one, other]));
