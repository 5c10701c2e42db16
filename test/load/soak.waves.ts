import type { Credentials } from 'nestjs-ticketoffice';
import type { SoakApp } from './soak.app.js';
import type { Chance } from './soak.chance.js';
import { Guests } from './soak.guests.js';
import { judge, tracesOf } from './soak.judge.js';
import { unreturned } from './soak.measures.js';
import { type Outing, Plan } from './soak.plan.js';
import { after, type Visit } from './soak.run.js';

/** Outings at the same time. */
const CROWD = 24;
/** How often in a row nothing must be at work. */
const STEADY = 5;
/** How many guests of a hundred come again. */
const RETURNING = 30;

/** Sends requests by the hundred, and looks at what becomes of their tickets. */
export class Waves {
  readonly faults = new Set<string>();
  readonly tickets = { used: 0, free: 0 };
  readonly answers: Record<string, number> = {};
  readonly plan: Plan;
  sent = 0;
  private guests: Guests;

  /** @param patience how long things may take to come to rest, in ms */
  constructor(
    private readonly app: SoakApp,
    private readonly chance: Chance,
    private readonly patience: number,
  ) {
    this.plan = new Plan(app, chance);
    this.guests = new Guests(app);
  }

  /** Sends requests, and then checks that nothing is left of them. */
  async run(requests: number): Promise<void> {
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

  async issue(count: number): Promise<Credentials[]> {
    const issuing = Array.from({ length: count }, () =>
      this.app.tickets.issue({ place: 'louvre', purpose: 'visit' }),
    );
    return (await Promise.all(issuing)).map(({ credentials }) => credentials);
  }

  async send({ visits, isPipelined }: Outing): Promise<void> {
    for (const visit of visits) this.app.ledger.visits.set(visit.id, visit);
    this.sent += visits.length;
    if (isPipelined) await this.guests.pipeline(visits);
    else await Promise.all(visits.map((visit) => this.guests.visit(visit)));
    for (const { status } of visits) this.answers[status] = (this.answers[status] ?? 0) + 1;
  }

  /** Until nothing is at work any more; what still is after a while is a fault. */
  async rest(): Promise<void> {
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
    for (const { isUsed } of traces.values()) this.tickets[isUsed ? 'used' : 'free'] += 1;
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
      this.faults.add(`answer to a second visit: ${status}, not ${wanted}`);
    const successes = this.app.ledger.runsOf(uuid).filter(({ outcome }) => outcome === 'used').length;
    if (successes > 1) this.faults.add(`handlers that have succeeded in the end: ${successes}`);
    if (successes === 1 && !later.get(uuid)!.isUsed) this.faults.add('a ticket is free after a second visit');
  }

  /** All guests go, and others come later. */
  async leave(): Promise<void> {
    this.guests.leave();
    this.guests = new Guests(this.app);
    await this.settled(
      async () => this.app.sockets.size,
      (size) => size === 0,
    );
  }

  /** Asks again and again, for a while; resolves with the last answer. */
  async settled<T>(ask: () => Promise<T>, isSettled: (answer: T) => boolean): Promise<T> {
    const deadline = performance.now() + this.patience;
    for (;;) {
      const answer = await ask();
      if (isSettled(answer) || performance.now() > deadline) return answer;
      await after(5);
    }
  }
}
