import type { LoggerService } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  type CredentialsLike,
  type IssueInput,
  type IssuedTicket,
  type ReissueInput,
  ticketOfficeMigrations,
  TicketOfficeModule,
  type TicketOfficeOptions,
  TicketService,
} from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';
import { ask, type Question, type WholeAnswer } from '../invitations/ask.js';
import { startNestApp, type TestAdapter } from '../support/adapters.js';
import type { TestDatabase } from '../support/databases.js';
import { createVisits, Visit } from '../support/visits.js';
import { accessLog } from './access.log.js';
import type { Canaries } from './canaries.js';
import { ErrorNotes } from './error.notes.filter.js';
import { printed } from './in.depth.js';
import { nestLogger, sqlLogger } from './loggers.js';
import { RoomsController } from './rooms.controller.js';
import { Witness } from './witness.js';

/** An app whose every word is written down, and whose every secret is known. */
export class Gallery {
  constructor(
    readonly tickets: TicketService,
    readonly dataSource: DataSource,
    readonly logger: LoggerService,
    private readonly port: number,
    private readonly witness: Witness,
    private readonly canaries: Canaries,
  ) {
    tickets.events$.subscribe((event) => {
      witness.note('event', event);
      witness.met.add(`event: ${event.type}`);
    });
  }

  async issue(input: Partial<IssueInput> = {}): Promise<IssuedTicket> {
    const { password } = input;
    if (typeof password === 'string') this.canaries.keep('a human password', password);
    return this.keep(await this.tickets.issue({ place: 'louvre', purpose: 'visit', ...input }));
  }

  async reissue(uuid: string, input?: ReissueInput): Promise<IssuedTicket> {
    return this.keep(await this.tickets.reissue(uuid, input));
  }

  /** A link's target, as a guest opens it. */
  target(path: string, credentials: CredentialsLike): string {
    const { pathname, search } = new URL(this.tickets.url(path, credentials));
    return pathname + search;
  }

  async ask(target: string, question: Question = {}): Promise<WholeAnswer> {
    const answer = await ask(this.port, target, question);
    this.witness.note('answer', answer.lines.join('\n'), answer.body);
    this.witness.met.add(`answer: ${answer.status}`);
    return answer;
  }

  /** Has something done that may fail, and writes down what comes of it. */
  async attempt(act: () => unknown): Promise<unknown> {
    try {
      const result = await act();
      this.witness.note('result', isIssued(result) ? printed(result) : result);
      return result;
    } catch (error) {
      this.witness.note('error', error);
      this.witness.met.add(`error: ${(error as Error).name}`);
      return error;
    }
  }

  private keep(issued: IssuedTicket): IssuedTicket {
    this.canaries.keep('an issued password', issued.credentials.password);
    this.witness.note('result', issued.ticket, printed(issued), printed(issued.credentials));
    return issued;
  }
}

/** What holds credentials gives their secret away to who asks for it by name, and must not otherwise. */
const isIssued = (result: unknown): boolean => 'credentials' in Object(result);

/** Opens one with all loggers on; it closes as apps of `startApp` do. */
export async function openGallery(
  adapter: TestAdapter,
  database: TestDatabase,
  { witness, canaries }: { witness: Witness; canaries: Canaries },
  options: Partial<TicketOfficeOptions> = {},
): Promise<Gallery> {
  const typeorm = database.options({
    autoLoadEntities: true,
    migrations: ticketOfficeMigrations,
    migrationsRun: true,
    logging: 'all',
    logger: sqlLogger(witness),
    // In ms: every statement is a slow one.
    maxQueryExecutionTime: 0.000_001,
  });
  const secret = canaries.keep("the app's secret", 'a canary that the whole gallery is signed with');
  const office = { isGlobal: true, secret, baseUrl: 'http://museum.example', ...options };
  const root = {
    imports: [
      TypeOrmModule.forRoot(typeorm),
      TypeOrmModule.forFeature([Visit]),
      TicketOfficeModule.forRoot(office),
    ],
    controllers: [RoomsController],
    providers: [
      { provide: Witness, useValue: witness },
      { provide: APP_FILTER, useClass: ErrorNotes },
    ],
  };
  const logger = nestLogger(witness);
  const app = await startNestApp(adapter, root, {
    logger,
    before: (starting) => starting.use(accessLog(witness)),
  });
  const dataSource = app.get(DataSource);
  await createVisits(dataSource);
  const { port } = app.getHttpServer().address() as { port: number };
  return new Gallery(app.get(TicketService), dataSource, logger, port, witness, canaries);
}
