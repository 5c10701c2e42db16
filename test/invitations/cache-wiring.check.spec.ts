import { CACHE_MANAGER, CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import {
  All,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Post,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { InvitationRequired, InvitationRequirement, StampInvitation } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type MuseumParts, startApp } from '../support/app.js';
import { ask } from './ask.js';
import { captureLog, type LogEntry } from './captured-log.js';
import { ticketFor } from './visit.app.js';

const Guarded = InvitationRequired('louvre', 'visit');

@Controller()
class HallController {
  constructor(private readonly ledger: Ledger) {}

  @Get('visit')
  @Guarded
  @UseInterceptors(StampInvitation)
  visit() {
    this.ledger.note('visit');
    return 'Welcome';
  }

  @All('every')
  @Guarded
  every() {}

  @Post('visit')
  @Guarded
  send() {}

  @Get('open')
  open() {
    this.ledger.note('open');
    return 'Welcome';
  }
}

@Controller()
class OnHandler {
  @Get('visit')
  @Guarded
  @UseInterceptors(CacheInterceptor)
  visit() {}
}

@Controller()
@UseInterceptors(CacheInterceptor)
class OnClass {
  @Get('visit')
  @Guarded
  visit() {}
}

/** The interceptor of docs/guarding.md. */
@Injectable()
class PublicCache extends CacheInterceptor {
  protected override trackBy(context: ExecutionContext) {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride(InvitationRequirement, targets)
      ? undefined
      : super.trackBy(context);
  }
}

@Injectable()
class OtherCache extends CacheInterceptor {}

eachAdapter('a cache', (adapter) => {
  const start = async ({ before, ...parts }: MuseumParts) => {
    let logged: LogEntry[] = [];
    const museum = await startApp(adapter, anyDatabase, {
      imports: [CacheModule.register()],
      ...parts,
      before: (app) => {
        logged = captureLog();
        return before?.(app);
      },
    });
    const texts = logged.map(({ text }) => text);
    return { museum, warnings: texts.filter((text) => text.includes('CacheInterceptor')) };
  };
  const forApp = (useClass: Type): MuseumParts => ({
    controllers: [HallController],
    providers: [{ provide: APP_INTERCEPTOR, useClass }],
  });
  const byHand: MuseumParts = {
    controllers: [HallController],
    before: (app) =>
      void app.useGlobalInterceptors(new CacheInterceptor(app.get(CACHE_MANAGER), app.get(Reflector))),
  };

  it.each<[string, MuseumParts, string]>([
    ['APP_INTERCEPTOR', forApp(CacheInterceptor), 'HallController.visit, HallController.every.'],
    ['a subclass', forApp(OtherCache), 'HallController.visit, HallController.every.'],
    ['useGlobalInterceptors', byHand, 'HallController.visit, HallController.every.'],
    ['handler', { controllers: [OnHandler] }, 'OnHandler.visit.'],
    ['controller', { controllers: [OnClass] }, 'OnClass.visit.'],
  ])('of guarded handlers is a warning at boot that names them: %s', async (_, parts, names) => {
    const { warnings } = await start(parts);
    expect(warnings).toEqual([expect.stringContaining(`stamp: ${names} Bind it to other handlers only`)]);
  });

  it('that leaves them out is none, and lets every guest in once', async () => {
    const { museum, warnings } = await start(forApp(PublicCache));
    expect(warnings).toEqual([]);
    for (let time = 0; time < 2; time += 1) {
      expect((await (await ticketFor(museum)).visit()).status).toBe(200);
      expect((await ask(museum.app, '/open')).status).toBe(200);
    }
    expect(museum.ledger.entries).toEqual(['visit', 'open', 'visit']);
  });
});
