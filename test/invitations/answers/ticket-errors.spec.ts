import {
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  type NestInterceptor,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  Invitation,
  InvitationGuard,
  InvitationRequired,
  StampInvitation,
  type Ticket,
  TicketBusyError,
  TicketLockedError,
  TicketService,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { catchError, of } from 'rxjs';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { barrier } from '../../support/barrier.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';
import { ask, authorization, BROWSER, type WholeAnswer } from '../ask.js';

const scene: { opened: Promise<void> } = { opened: Promise.resolve() };
const USED_AT = new Date('2026-11-25T12:00:00Z');

/** An interceptor of the app's that has an answer of its own. */
class Recovering implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(catchError((error: Error) => of(error.constructor.name)));
  }
}

@Controller()
class HandWrittenController {
  constructor(private readonly tickets: TicketService) {}

  @Post('claim')
  @InvitationRequired('louvre', 'visit')
  async claim(@Invitation() ticket: Ticket) {
    const claim = await this.tickets.claim(ticket);
    await scene.opened;
    await claim.stamp();
    return 'Welcome';
  }

  @Post('stamped')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  stamped() {
    throw new TicketUsedError(USED_AT);
  }

  @Post('another')
  @InvitationRequired('louvre', 'visit')
  another() {
    return this.tickets.reissue('0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071');
  }

  @Post('locked')
  @InvitationRequired('louvre', 'visit')
  locked() {
    throw new TicketLockedError();
  }

  @Post('recovered')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(Recovering)
  recovered() {
    throw new TicketBusyError();
  }

  @Post('mistake')
  @InvitationRequired('louvre', 'visit')
  mistake() {
    return this.tickets.issue({ place: '', purpose: 'visit' });
  }

  @Post('unguarded')
  unguarded() {
    throw new TicketUsedError(USED_AT);
  }
}

@Controller()
class GuardedController {
  @Post('guarded')
  @InvitationRequired('louvre', 'visit')
  visit() {
    return 'Welcome';
  }
}

/** The app's own filter. */
@Catch()
class Witness extends BaseExceptionFilter implements ExceptionFilter {
  readonly seen: unknown[] = [];

  override catch(...[error, host]: Parameters<BaseExceptionFilter['catch']>) {
    this.seen.push(error);
    super.catch(error, host);
  }
}

eachAdapter('An error of the ticket office in a guarded handler', (adapter) => {
  let witness: Witness;
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, {
      controllers: [HandWrittenController],
      before: (app) => {
        witness = new Witness(app.getHttpAdapter());
        app.useGlobalFilters(witness);
      },
    });
  });
  beforeEach(() => {
    witness.seen.length = 0;
  });

  const arrive = async () => {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const post = (path: string, headers: Record<string, string> = {}) =>
      ask(museum.app, path, { method: 'POST', headers: { ...authorization(credentials), ...headers } });
    return { uuid: credentials.uuid, post };
  };

  it('is answered as the guard answers it: a claim by hand while another has the ticket', async () => {
    const guest = await arrive();
    const gate = barrier();
    scene.opened = gate.opened;
    const answers: WholeAnswer[] = [];
    const asked = [1, 2, 3].map(async () => answers.push(await guest.post('/claim')));
    await expect.poll(() => answers.length).toBe(2);
    for (const { status, headers, body } of answers) {
      expect(status).toBe(409);
      expect(headers['retry-after']).toBe('1');
      expect(JSON.parse(body)).toMatchObject({ errorCode: 'TICKET_BUSY' });
    }
    gate.open();
    await Promise.all(asked);
    expect(answers[2]).toMatchObject({ status: 201, body: 'Welcome' });
    expect(await museum.row(guest.uuid)).toMatchObject({ usedAt: expect.any(Number) });
  });

  it('is a page for a browser', async () => {
    const guest = await arrive();
    const answer = await guest.post('/stamped', BROWSER);
    expect(answer.status).toBe(403);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('25 November 2026');
  });

  it('[R-7] releases the ticket of a stamped handler, and is an ordinary exception to the filters of the app', async () => {
    const guest = await arrive();
    const answer = await guest.post('/stamped');
    expect(JSON.parse(answer.body)).toMatchObject({
      errorCode: 'TICKET_USED',
      usedAt: USED_AT.toISOString(),
    });
    expect(await museum.row(guest.uuid)).toMatchObject({ usedAt: null, claimId: null });
    expect(witness.seen).toEqual([expect.any(HttpException)]);
    expect((witness.seen[0] as Error).cause).toBeInstanceOf(TicketUsedError);
  });

  it('is seen as it is by the interceptors of the handler, and leaves no header where they recover', async () => {
    const answer = await (await arrive()).post('/recovered', BROWSER);
    expect(answer).toMatchObject({ status: 201, body: 'TicketBusyError' });
    for (const name of ['retry-after', 'content-security-policy', 'x-robots-tag'])
      expect(answer.headers).not.toHaveProperty(name);
  });

  it.each(['/another', '/locked'])('stays a 500 for what only the app may know: %s', async (path) => {
    const answer = await (await arrive()).post(path);
    expect(answer.status).toBe(500);
    expect(answer.headers).not.toHaveProperty('www-authenticate');
  });

  it('needs no ticket office where a test has replaced the guard', async () => {
    const testing = Test.createTestingModule({ controllers: [GuardedController] });
    const app = await testing
      .overrideGuard(InvitationGuard)
      .useValue({ canActivate: () => true })
      .compile();
    expect(app.get(GuardedController).visit()).toBe('Welcome');
    await app.close();
  });

  it('stays a 500 where the app has made a mistake', async () => {
    const answer = await (await arrive()).post('/mistake');
    expect(answer.status).toBe(500);
  });

  it('is left to the app in a handler that is not guarded', async () => {
    expect((await ask(museum.app, '/unguarded', { method: 'POST' })).status).toBe(500);
    expect(witness.seen).toEqual([expect.any(TicketUsedError)]);
  });
});
