import type { Credentials } from 'nestjs-ticketoffice';
import type { SoakApp } from './soak.app.js';
import { Chance } from './soak.chance.js';
import { Guests } from './soak.guests.js';
import { judge, tracesOf } from './soak.judge.js';
import { after, type Visit } from './soak.ledger.js';
import { fillPool, heap, type Holdings, holdings, listenersOnSockets, unreturned } from './soak.measures.js';
import { type Outing, Plan } from './soak.plan.js';

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

/** Outings at the same time. */
const CROWD = 24;
/** Requests after which all that they have done is looked at. */
const WAVE = 200;
/** Enough for all that handlers do. */
const MANY = 50;
/** So often must a count be the same. */
const STEADY = 5;
/** How many guests of a hundred come again. */
const RETURNING = 30;

/** Sends requests of all shapes, disturbs them at random, and looks at what they leave behind. */
export class Soak {
  private readonly faults = new Set<string>();
  private readonly chance: Chance;
  private readonly plan: Plan;
  private guests: Guests;
  private sent = 0;
  private used = 0;
  private free = 0;
  private readonly answers: Record<string, number> = {};

  constructor(
    private readonly app: SoakApp,
    private readonly settings: SoakSettings,
  ) {
    this.chance = new Chance(settings.seed);
    this.plan = new Plan(app, this.chance);
    this.guests = new Guests(app);
  }

  async run(): Promise<SoakReport> {
    const warnings = this.watchWarnings();
    const { requests } = this.settings;
    await fillPool(this.app);
    await this.wave(Math.min(WAVE, requests));
    const before = await this.holdingsAtRest();
    const heaps = [await heap()];
    const [begun, first] = [performance.now(), this.sent];
    for (const half of [requests / 2, requests]) {
      while (this.sent - first < half) await this.wave(Math.min(WAVE, half - (this.sent - first)));
      heaps.push(await heap());
    }
    const seconds = (performance.now() - begun) / 1000;
    await this.compareConnection();
    const afterwards = await this.holdingsAtRest();
    for (const [what, count] of Object.entries(before))
      this.compare(what, count, afterwards[what as keyof Holdings]);
    this.compareHeap(heaps);
    warnings();
    return {
      faults: [...this.faults],
      requests: this.sent - first,
      seconds: Math.round(seconds),
      tickets: { used: this.used, free: this.free },
      answers: this.answers,
      heap: heaps.map(inMebibytes),
      before,
      after: afterwards,
    };
  }

  private compare(what: string, before: number, now: number): void {
    if (now > before) this.faults.add(`${what}: ${now}, ${before} before`);
  }

  /** What is left on a connection must not depend on how many requests it has seen. */
  private async compareConnection(): Promise<void> {
    this.guests.leave();
    this.guests = new Guests(this.app);
    const stamp = this.chance.oneOf(this.app.stamps);
    const once = async () => {
      const left = await this.issue(MANY);
      for (const visit of this.plan.inOrder(stamp, () => left.pop()!))
        await this.send({ visits: [visit], isPipelined: false });
      await this.rest();
      this.app.ledger.clear();
      return listenersOnSockets(this.app);
    };
    // At the first stream, for example, Node.js and Nest begin to listen, once.
    const first = await once();
    this.compare('listeners on a connection', first, await once());
  }

  private compareHeap([, middle, end]: number[]): void {
    if (end! - middle! > this.settings.margin)
      this.faults.add(`heap: ${inMebibytes(middle!)} MiB in the middle, ${inMebibytes(end!)} at the end`);
  }

  /** @returns ends it */
  private watchWarnings(): () => void {
    const warn = ({ name, message }: Error) => void this.faults.add(`warning: ${name}: ${message}`);
    process.on('warning', warn);
    return () => void process.off('warning', warn);
  }

  /** So many requests; then nothing must be left of them. */
  private async wave(requests: number): Promise<void> {
    const outings = await this.planOutings(requests);
    const left = [...outings];
    const guest = async () => {
      for (let outing = left.pop(); outing; outing = left.pop()) await this.send(outing);
    };
    await Promise.all(Array.from({ length: CROWD }, guest));
    await this.rest();
    await this.judge(outings);
    await this.comeAgain(outings);
    this.app.ledger.clear();
    this.app.databaseFaults.clear();
  }

  private async planOutings(requests: number): Promise<Outing[]> {
    const credentials = await this.issue(requests + 4);
    const outings: Outing[] = [];
    for (let planned = 0; planned < requests;) {
      const outing = this.plan.outing(() => credentials.pop()!);
      outings.push(outing);
      planned += outing.visits.length;
    }
    return outings;
  }

  private async issue(count: number): Promise<Credentials[]> {
    const issuing = Array.from({ length: count }, () =>
      this.app.tickets.issue({ place: 'louvre', purpose: 'visit' }),
    );
    return (await Promise.all(issuing)).map(({ credentials }) => credentials);
  }

  private async send({ visits, isPipelined }: Outing): Promise<void> {
    for (const visit of visits) this.app.ledger.visits.set(visit.id, visit);
    this.sent += visits.length;
    if (isPipelined) await this.guests.pipeline(visits);
    else await Promise.all(visits.map((visit) => this.guests.visit(visit)));
    for (const { status } of visits) this.answers[status] = (this.answers[status] ?? 0) + 1;
  }

  /** Until nothing is at work any more; what still is after a while is a fault. */
  private async rest(): Promise<void> {
    const { ledger, tickets } = this.app;
    const restless = async () => {
      const inProcess = [...ledger.unfinished, ...(await unreturned(this.app))];
      if (inProcess.length > 0) return inProcess;
      const claimed = await tickets.list({ status: 'claimed' });
      return claimed.length > 0 ? [`claims left: ${claimed.length}`] : [];
    };
    let times = 0;
    // More than once: between two statements, a request that nobody waits for is not to be seen.
    const isAtRest = ({ length }: string[]) => (times = length === 0 ? times + 1 : 0) >= STEADY;
    for (const fault of await this.settled(restless, isAtRest)) this.faults.add(fault);
  }

  private async judge(outings: readonly Outing[]): Promise<void> {
    for (const fault of await judge(this.app, outings)) this.faults.add(fault);
  }

  /** Some guests come again: what is used is refused, what is free works. */
  private async comeAgain(outings: readonly Outing[]): Promise<void> {
    const all = new Map(
      outings.flatMap(({ visits }) => visits.map(({ credentials }) => [credentials.uuid, credentials])),
    );
    const returning = [...all.values()].filter(() => this.chance.between(1, 100) <= RETURNING);
    const traces = await tracesOf(this.app, [...all.keys()]);
    for (const { isUsed } of traces.values()) this[isUsed ? 'used' : 'free'] += 1;
    const visits = returning.map((credentials) => this.plan.again(credentials));
    for (let at = 0; at < visits.length; at += CROWD)
      await Promise.all(
        visits.slice(at, at + CROWD).map((visit) => this.send({ visits: [visit], isPipelined: false })),
      );
    await this.rest();
    const later = await tracesOf(this.app, [...all.keys()]);
    for (const visit of visits) this.judgeAgain(visit, traces.get(visit.credentials.uuid)!.isUsed, later);
  }

  private judgeAgain(
    { credentials: { uuid }, status }: Visit,
    wasUsed: boolean,
    later: Awaited<ReturnType<typeof tracesOf>>,
  ): void {
    const wanted = wasUsed ? 403 : 200;
    // Fastify may have lost its patience, on a busy machine.
    if (status !== wanted && status !== 503)
      this.faults.add(`answer to who comes again: ${status}, not ${wanted}`);
    const successes = this.app.ledger.runsOf(uuid).filter(({ outcome }) => outcome === 'used').length;
    if (successes > 1) this.faults.add(`handlers that have succeeded in the end: ${successes}`);
    if (successes === 1 && !later.get(uuid)!.isUsed) this.faults.add('a ticket is free after a second visit');
  }

  /** With all guests gone, and all that they have left on its way out. */
  private async holdingsAtRest(): Promise<Holdings> {
    this.guests.leave();
    this.guests = new Guests(this.app);
    await this.settled(
      async () => this.app.sockets.size,
      (size) => size === 0,
    );
    let [least, times] = [Infinity, 0];
    return this.settled(
      () => holdings(this.app),
      ({ descriptors }) => {
        times = descriptors < least ? 0 : times + 1;
        least = Math.min(descriptors, least);
        return descriptors === least && times >= STEADY;
      },
    );
  }

  /** Asks again and again, for a while; resolves with the last answer. */
  private async settled<T>(ask: () => Promise<T>, isSettled: (answer: T) => boolean): Promise<T> {
    const deadline = performance.now() + (this.settings.patience ?? 3000);
    for (;;) {
      const answer = await ask();
      if (isSettled(answer) || performance.now() > deadline) return answer;
      await after(5);
    }
  }
}

const inMebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
