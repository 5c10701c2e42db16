import type { SoakApp } from './soak.app.js';
import { Chance } from './soak.chance.js';
import { fillPool, heap, type Holdings, holdings, listenersOnSockets } from './soak.measures.js';
import { Waves } from './soak.waves.js';

export interface SoakSettings {
  readonly requests: number;
  readonly seed: number;
  /** By how much the heap may grow from the middle to the end, in bytes. */
  readonly margin: number;
  /**
   * How long things may take to come to rest, in ms.
   *
   * @default 3000
   */
  readonly patience?: number;
}

export interface SoakReport {
  /** In sentences; none: all was well. */
  readonly faults: string[];
  readonly requests: number;
  readonly seconds: number;
  readonly tickets: { used: number; free: number };
  readonly answers: Record<string, number>;
  /** At the start, in the middle and at the end, in MiB. */
  readonly heap: readonly string[];
  readonly before: Holdings;
  readonly after: Holdings;
}

/** Requests after which all that they have done is looked at. */
const WAVE = 200;
/** Enough for all that handlers do. */
const MANY = 50;
/** How often in a row a count must be the same. */
const STEADY = 5;

/** Sends requests of all shapes, disturbs them at random, and looks at what they leave behind. */
export class Soak {
  private readonly chance: Chance;
  private readonly waves: Waves;

  constructor(
    private readonly app: SoakApp,
    private readonly settings: SoakSettings,
  ) {
    this.chance = new Chance(settings.seed);
    this.waves = new Waves(app, this.chance, settings.patience ?? 3000);
  }

  async run(): Promise<SoakReport> {
    const { waves } = this;
    const endWatch = this.watchWarnings();
    await fillPool(this.app);
    // What is loaded, compiled and opened at first is not left behind.
    await waves.run(Math.min(WAVE, this.settings.requests));
    const [before, first] = [await this.holdingsAtRest(), waves.sent];
    const [seconds, heaps] = await this.soak(first);
    await this.compareConnection();
    const afterwards = await this.holdingsAtRest();
    for (const [what, count] of Object.entries(before))
      this.compare(what, count, afterwards[what as keyof Holdings]);
    endWatch();
    return {
      faults: [...waves.faults],
      requests: waves.sent - first,
      seconds,
      tickets: waves.tickets,
      answers: waves.answers,
      heap: heaps,
      before,
      after: afterwards,
    };
  }

  /** @returns how long it took, and the heap at the start, in the middle and at the end */
  private async soak(first: number): Promise<[seconds: number, heaps: string[]]> {
    const { waves } = this;
    const { requests, margin } = this.settings;
    const begun = performance.now();
    const heaps = [await heap()];
    for (const half of [requests / 2, requests]) {
      while (waves.sent - first < half) await waves.run(Math.min(WAVE, half - (waves.sent - first)));
      heaps.push(await heap());
    }
    const [start, middle, end] = heaps as [number, number, number];
    if (end - middle > margin)
      waves.faults.add(`heap: ${inMebibytes(middle)} MiB in the middle, ${inMebibytes(end)} at the end`);
    return [Math.round((performance.now() - begun) / 1000), [start, middle, end].map(inMebibytes)];
  }

  private compare(what: string, before: number, now: number): void {
    if (now > before) this.waves.faults.add(`${what}: ${now}, ${before} before`);
  }

  /** What is left on a connection must not depend on how many requests it has seen. */
  private async compareConnection(): Promise<void> {
    const { waves } = this;
    await waves.leave();
    const stamp = this.chance.oneOf(this.app.stamps);
    const once = async () => {
      const left = await waves.issue(MANY);
      for (const visit of waves.plan.inOrder(stamp, () => left.pop()!))
        await waves.send({ visits: [visit], isPipelined: false });
      await waves.rest();
      this.app.ledger.clear();
      return listenersOnSockets(this.app);
    };
    // At the first stream, for example, Node.js and Nest begin to listen, once.
    const first = await once();
    this.compare('listeners on a connection', first, await once());
  }

  /** @returns ends it */
  private watchWarnings(): () => void {
    const warn = ({ name, message }: Error) => void this.waves.faults.add(`warning: ${name}: ${message}`);
    process.on('warning', warn);
    return () => void process.off('warning', warn);
  }

  /** With all guests gone, and all that they have left on its way out. */
  private async holdingsAtRest(): Promise<Holdings> {
    await this.waves.leave();
    let [least, times] = [Infinity, 0];
    return this.waves.settled(
      () => holdings(this.app),
      ({ descriptors }) => {
        times = descriptors < least ? 0 : times + 1;
        least = Math.min(descriptors, least);
        return descriptors === least && times >= STEADY;
      },
    );
  }
}

const inMebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
