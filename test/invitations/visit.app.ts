import {
  All,
  type CanActivate,
  Controller,
  Headers,
  Injectable,
  type NestInterceptor,
  Res,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import {
  Invitation,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { expect } from 'vitest';
import { aroundQueries } from '../support/around-queries.js';
import type { TestAdapter } from '../support/adapters.js';
import { barrier } from '../support/barrier.js';
import type { TestDatabase } from '../support/databases.js';
import { faultsOf } from '../support/faults.js';
import { Ledger, type Museum, type MuseumParts, startApp } from '../support/app.js';
import type { Reply } from '../support/reply.js';
import { ask, authorization } from './ask.js';

/** Both stamps, by their names. */
export const STAMPS = [StampInvitation, StampInTransaction].map((stamp) => [stamp.name, stamp] as const);

type Act = (ticket: Ticket<{ number: number }>, reply: Reply, visitor: string) => unknown;

/** What happens on the way to the handler and in it, chosen by each test. */
@Injectable()
export class Behaviour {
  /** Runs once a request is admitted, before any interceptor. */
  enter: () => unknown = () => undefined;
  /** The handler. */
  act: Act = () => 'Welcome';
}

/** A guard of the app's, behind the library's. */
@Injectable()
class EnterGuard implements CanActivate {
  constructor(private readonly behaviour: Behaviour) {}

  async canActivate(): Promise<boolean> {
    await this.behaviour.enter();
    return true;
  }
}

/** A controller whose one handler does what its {@link Behaviour} says, behind an interceptor of the test's choice. */
export function visitController(
  interceptor: Type<NestInterceptor>,
  required: MethodDecorator = InvitationRequired('louvre', 'visit'),
): Type {
  @Controller()
  class VisitController {
    constructor(
      private readonly behaviour: Behaviour,
      private readonly ledger: Ledger,
    ) {}

    @All('visit')
    // Above the requirement: guards run in the order of their binding, from the bottom up.
    @UseGuards(EnterGuard)
    @required
    @UseInterceptors(interceptor)
    visit(
      @Invitation() ticket: Ticket<{ number: number }>,
      @Res({ passthrough: true }) reply: Reply,
      @Headers('x-visitor') visitor: string,
    ) {
      this.ledger.note(ticket.uuid);
      return this.behaviour.act(ticket, reply, visitor);
    }
  }
  return VisitController;
}

export interface VisitApp extends Museum {
  readonly behaviour: Behaviour;
}

export async function startVisitApp(
  adapter: TestAdapter,
  database: Pick<TestDatabase, 'options'>,
  { providers = [], ...parts }: MuseumParts,
): Promise<VisitApp> {
  const museum = await startApp(adapter, database, { ...parts, providers: [Behaviour, ...providers] });
  return { ...museum, behaviour: museum.app.get(Behaviour) };
}

/** A gate that opens once all parties have either come to it or been turned away. */
function gateFor(parties: number) {
  const { opened, open } = barrier();
  let missing = parties;
  const count = () => {
    missing -= 1;
    if (missing <= 0) open();
  };
  return {
    turnedAway: count,
    enter() {
      count();
      return opened;
    },
  };
}

/**
 * [M-3] As many requests as tickets, all in the handler at once, on a database that answers late and out of order.
 *
 * @returns what was wrong, in sentences; none: everybody saw their own ticket, and it was used once
 */
export async function interleaveManyTickets(visitApp: VisitApp, size: number): Promise<string[]> {
  const { app, tickets, behaviour, dataSource } = visitApp;
  behaviour.enter = () => undefined;
  const numbers = Array.from({ length: size }, (_, number) => number);
  const issued = await Promise.all(
    numbers.map((number) => tickets.issue({ place: 'louvre', purpose: 'visit', data: { number } })),
  );
  slowDown(dataSource);
  const gate = gateFor(size);
  const mixedUp: string[] = [];
  behaviour.act = async (ticket, _, visitor) => {
    await gate.enter();
    if (visitor !== String(ticket.data.number)) mixedUp.push(visitor);
    return `${ticket.data.number}`;
  };
  const answers = await Promise.all(
    issued.map(async ({ credentials }, number) => {
      const headers = { ...authorization(credentials), 'X-Visitor': String(number) };
      const answer = await ask(app, '/visit', { headers });
      gate.turnedAway();
      return answer;
    }),
  );
  const rows = await Promise.all(issued.map(({ ticket }) => visitApp.row(ticket.uuid)));
  return faultsOf({
    'handlers with the ticket of another': [mixedUp.length, 0],
    'answers to another': [answers.filter(({ body }, number) => body !== String(number)).length, 0],
    failures: [answers.filter(({ status }) => status !== 200).length, 0],
    'tickets unused': [rows.filter((row) => row!.usedAt === null).length, 0],
    'claims of their own': [new Set(rows.map((row) => row!.claimId)).size, size],
    'handlers run once': [
      issued.filter(({ ticket }) => visitApp.ledger.count(ticket.uuid) === 1).length,
      size,
    ],
  });
}

const turns = async () => {
  for (let left = Math.floor(Math.random() * 20); left > 0; left -= 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

function slowDown(dataSource: Museum['dataSource']): void {
  aroundQueries(dataSource, async (_, run) => {
    await turns();
    const result = await run();
    await turns();
    return result;
  });
}

/** A ticket for the one handler, and how it is shown. */
export async function ticketFor(visitApp: Museum) {
  const { credentials } = await visitApp.tickets.issue({ place: 'louvre', purpose: 'visit' });
  const { uuid } = credentials;
  const before = (await visitApp.row(uuid))!;
  return {
    uuid,
    credentials,
    headers: authorization(credentials),
    visit: (path = '/visit') => ask(visitApp.app, path, { headers: authorization(credentials) }),
    row: async () => (await visitApp.row(uuid))!,
    ran: () => visitApp.ledger.count(uuid),
    /** Asserts that the ticket is as it was when it was issued. */
    expectUntouched: async () => expect(await visitApp.row(uuid)).toEqual(before),
  };
}
