import type { Credentials } from 'nestjs-ticketoffice';
import { ask, authorization } from '../invitations/ask.js';
import type { TransactionApp } from '../invitations/transaction.app.js';
import { type Barrier, barrier } from '../support/barrier.js';

/** The handler at `/claimed` is stamped by StampInvitation, the one at `/action` by StampInTransaction. */
export type Route = '/claimed' | '/action';

/** A ticket, and what its guests were answered. */
export interface Visitor {
  readonly credentials: Credentials;
  readonly route: Route;
  readonly answers: string[];
}

/** How many guests are under way at once. */
const GUESTS = 12;
const SUCCESS = '200';
const USED = '403 TICKET_USED';
const BUSY = '409 TICKET_BUSY';
const REFUSED = '503 TICKET_OFFICE_BUSY';
const EXPECTED = new Set([SUCCESS, USED, BUSY, REFUSED]);

/** Guests that redeem tickets, two for each, and try again until they are in, or another one has been. */
export class Traffic {
  readonly visitors: Visitor[] = [];
  private isHealed = false;
  private readonly awaited = new Map<string, { left: number; met: Barrier }>();

  constructor(private readonly museum: TransactionApp) {}

  async issue(tickets: number): Promise<void> {
    for (let index = 0; index < tickets; index += 1) {
      const { credentials } = await this.museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
      this.visitors.push({ credentials, route: index % 2 ? '/claimed' : '/action', answers: [] });
    }
  }

  /** Lets all guests come, so many at once; resolves when each is through. */
  async run(): Promise<void> {
    const queue = this.visitors.flatMap((visitor) => [visitor, visitor]);
    const worker = async () => {
      for (let visitor = queue.shift(); visitor; visitor = queue.shift()) await this.visit(visitor);
    };
    await Promise.all(Array.from({ length: GUESTS }, worker));
  }

  /** Resolves when guests have had this answer so often. */
  answered(answer: 'success' | 'refused', times: number): Promise<void> {
    const met = barrier();
    this.awaited.set(answer === 'success' ? SUCCESS : REFUSED, { left: times, met });
    return met.opened;
  }

  /** The fail-over is over: who meets a ticket in use gives up from now on. */
  heal(): void {
    this.isHealed = true;
  }

  count(answer: 'success' | 'refused'): number {
    const wanted = answer === 'success' ? SUCCESS : REFUSED;
    return this.visitors.flatMap(({ answers }) => answers).filter((one) => one === wanted).length;
  }

  /** How often which answer came. */
  summary(): string {
    const counts: Record<string, number> = {};
    for (const answer of this.visitors.flatMap(({ answers }) => answers))
      counts[answer] = (counts[answer] ?? 0) + 1;
    return JSON.stringify(counts);
  }

  /** What was wrong, in sentences. */
  async faults(): Promise<string[]> {
    const faults = await Promise.all(this.visitors.map((visitor) => this.faultsOf(visitor)));
    return faults.flat();
  }

  private async visit(visitor: Visitor): Promise<void> {
    for (;;) {
      const wasHealed = this.isHealed;
      const answer = await this.send(visitor);
      visitor.answers.push(answer);
      this.note(answer);
      if (answer !== REFUSED && (answer !== BUSY || wasHealed)) return;
    }
  }

  private async send({ credentials, route }: Visitor): Promise<string> {
    const { status, body } = await ask(this.museum.app, route, { headers: authorization(credentials) });
    if (status < 400) return String(status);
    return `${status} ${(JSON.parse(body) as { errorCode?: string }).errorCode}`;
  }

  private note(answer: string): void {
    const awaited = this.awaited.get(answer);
    if (!awaited) return;
    awaited.left -= 1;
    if (awaited.left <= 0) awaited.met.open();
  }

  private async faultsOf(visitor: Visitor): Promise<string[]> {
    const { uuid } = visitor.credentials;
    const { ledger, tickets } = this.museum;
    const unexpected = visitor.answers.filter((answer) => !EXPECTED.has(answer));
    const faults = unexpected.map((answer) => `was answered ${answer}`);
    const runs = ledger.count(uuid);
    if (visitor.route === '/claimed' && runs > 1) faults.push(`its handler ran ${runs} times`);
    const successes = () => visitor.answers.filter((answer) => answer === SUCCESS).length;
    const used = (await tickets.find(uuid))!.used;
    if (successes() > 0 && !used) faults.push('succeeded, and is not used');
    // A claim that a lost connection has left; its handler may have run, and then it stays closed.
    if (!used && runs === 0) await tickets.reopen(uuid);
    const again = await this.send(visitor);
    visitor.answers.push(again);
    const closed = used ? USED : runs === 0 || visitor.route === '/action' ? SUCCESS : BUSY;
    if (again !== closed) faults.push(`was answered ${again} in the end, not ${closed}`);
    if (successes() > 1) faults.push(`succeeded ${successes()} times`);
    const visits = visitor.route === '/action' ? await this.museum.visits(uuid) : 1;
    if (visits !== 1) faults.push(`has ${visits} visits`);
    return faults.map((fault) => `${visitor.route} ${uuid}: ${fault}`);
  }
}
