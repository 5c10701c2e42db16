import { All, Controller, Get, Injectable, Res, UseInterceptors } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import type { TestAdapter } from '../support/adapters.js';
import type { TestDatabase } from '../support/databases.js';
import { Ledger, type Museum, type MuseumParts, startApp } from '../support/app.js';
import { createVisits, Visit, visitsOf, writeVisit } from '../support/visits.js';
import type { Reply } from '../support/reply.js';

/** What the handler does after it has written a visit, chosen by each test. */
@Injectable()
export class Action {
  act: (ticket: Ticket, manager: EntityManager, reply: Reply) => unknown = () => 'Done';
}

/** Handlers that write a visit in the transaction that stamps their ticket. */
@Controller()
export class TransactionController {
  constructor(
    private readonly action: Action,
    private readonly ledger: Ledger,
  ) {}

  @All('action')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  async do(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<unknown> {
    this.ledger.note(ticket.uuid);
    await writeVisit(manager, ticket.uuid);
    return this.action.act(ticket, manager, reply);
  }

  @Get('by-hand')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  async byHand(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Res() reply: Reply,
  ): Promise<void> {
    await writeVisit(manager, ticket.uuid);
    this.action.act(ticket, manager, reply);
  }

  @Get('claimed')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  claimed(@Invitation() ticket: Ticket): string {
    this.ledger.note(ticket.uuid);
    return 'Claimed';
  }

  @Get('unstamped')
  unstamped(): string {
    return 'Done';
  }
}

export interface TransactionApp extends Museum {
  readonly action: Action;
  visits: (uuid: string) => Promise<number>;
}

export async function startTransactionApp(
  adapter: TestAdapter,
  database: Pick<TestDatabase, 'options'>,
  { before }: Pick<MuseumParts, 'before'> = {},
): Promise<TransactionApp> {
  const museum = await startApp(adapter, database, {
    controllers: [TransactionController],
    providers: [Action],
    imports: [TypeOrmModule.forFeature([Visit])],
    before,
  });
  await createVisits(museum.dataSource);
  return {
    ...museum,
    action: museum.app.get(Action),
    visits: (uuid) => visitsOf(museum.dataSource, uuid),
  };
}
