import { barrier } from '../support/barrier.js';
import { faultsOf } from '../support/faults.js';
import { hashes } from '../support/held.argon2.js';

/** What came of something that was asked for, in a word or two. */
type Outcome = string;

/** What a crowd wants argon2 for. */
export interface Besieged {
  readonly concurrency: number;
  readonly queue: number;
  /** What is asked for so often at once that argon2 cannot keep up. */
  readonly ask: (number: number) => Promise<Outcome>;
  /** The outcome of a guest that had a turn. */
  readonly served: Outcome;
  /** The outcome of a guest for whom there was no place. */
  readonly busy: Outcome;
  /** What needs no argon2, and must not wait for it; resolves to `'served'`. */
  readonly askBeside: () => Promise<Outcome>;
  /**
   * Resolves once no more answers will come while argon2 is held: for doubles that would let the test wait for ever.
   */
  readonly patience?: () => Promise<void>;
}

const forEver = (): Promise<void> => new Promise(() => undefined);

/**
 * Many ask for argon2 while none of its hashes ends, and then all of those do.
 *
 * @returns what was wrong, in sentences; none: so many hashes ran, so many waited, all others were sent away
 * meanwhile, and all that needed no hash were served
 */
export async function besiege(place: Besieged, crowd: number): Promise<string[]> {
  const { concurrency, queue, ask, served, busy, askBeside, patience = forEver } = place;
  const places = concurrency + queue;
  hashes.hold();
  const early: Outcome[] = [];
  const allSentAway = barrier();
  const asking = Array.from({ length: crowd }, async (_, number) => {
    const outcome = await ask(number);
    early.push(outcome);
    if (early.length === crowd - places) allSentAway.open();
    return outcome;
  });
  const orWaits = <T>(awaited: Promise<T>) =>
    Promise.race([awaited, patience().then(() => 'waits' as const)]);
  await orWaits(Promise.all([allSentAway.opened, hashes.areRunning(concurrency)]));
  const held = { running: hashes.running, answers: early.length };
  const beside = await Promise.all(Array.from({ length: 20 }, () => orWaits(askBeside())));
  const begunMeanwhile = hashes.begun - held.running;
  hashes.letGo();
  const outcomes = await Promise.all(asking);
  return faultsOf({
    'hashes that ran': [held.running, concurrency],
    'answers before any hash had ended': [held.answers, crowd - places],
    'hashes that began before any had ended': [begunMeanwhile, 0],
    'answers beside them': [[...new Set(beside)].join(), 'served'],
    'hashes that ran at once at most': [hashes.most, concurrency],
    hashes: [hashes.begun, places],
    'served in the end': [outcomes.filter((outcome) => outcome === served).length, places],
    'sent away': [outcomes.filter((outcome) => outcome === busy).length, crowd - places],
  });
}
