import { Controller, Get, UseInterceptors } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  Invitation,
  InvitationGuard,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
} from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { afterwards } from '../support/suite-scope.js';
import { ask } from './ask.js';
import { captureLog } from './captured-log.js';

@Controller()
@InvitationRequired('louvre', 'visit')
class VisitController {
  @Get('look')
  look(@Invitation() ticket: unknown) {
    return ticket;
  }

  @Get('stamped')
  @UseInterceptors(StampInvitation)
  stamped() {}

  @Get('transaction')
  @UseInterceptors(StampInTransaction)
  inTransaction(@InvitationManager() manager: unknown) {
    return manager;
  }

  @Get('plain')
  plain() {
    return 'Welcome';
  }
}

eachAdapter('a test that overrides the guard', (adapter) => {
  it('[F-24] reads so in the error of a handler that needs a ticket, and runs the others', async () => {
    const testing = await Test.createTestingModule({ controllers: [VisitController] })
      .overrideGuard(InvitationGuard)
      .useValue({ canActivate: () => true })
      .overrideInterceptor(StampInTransaction)
      .useValue({ intercept: (_: unknown, next: { handle(): unknown }) => next.handle() })
      .useMocker(() => ({}))
      .compile();
    const app = testing.createNestApplication(adapter.create(), { logger: false });
    afterwards(() => app.close());
    await app.listen(0, '127.0.0.1');
    const logged = captureLog();
    expect((await ask(app, '/plain')).status).toBe(200);
    for (const [path, told] of [
      ['/look', '@Invitation() in VisitController.look: InvitationGuard is overridden'],
      ['/stamped', 'VisitController.stamped has StampInvitation: InvitationGuard is overridden'],
      ['/transaction', 'a test has overridden it'],
    ] as const) {
      expect((await ask(app, path)).status).toBe(500);
      expect(logged.map(({ text }: { text: unknown }) => String(text)).at(-1)).toContain(told);
    }
  });
});
