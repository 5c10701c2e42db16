import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  Req,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, authorization, cookieOf, queryOf } from '../invitations/ask.js';
import { ContractController } from '../readme/contract.controller.js';
import { LoggedInGuard, type WithUser } from '../readme/logged-in.guard.js';
import { OwnTicketGuard } from '../readme/own-ticket.guard.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../support/app.js';

/** Writes down who comes through, and in which order. */
const passed: string[] = [];

const watch = (name: string) => {
  @Injectable()
  class WatchGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const { user } = context.switchToHttp().getRequest<WithUser>();
      passed.push(`${name}: ${user?.id ?? 'nobody'}`);
      return true;
    }
  }
  return WatchGuard;
};

@Controller('order')
@UseGuards(watch('controller'))
class OrderController {
  @Get()
  @UseGuards(watch('above'))
  @InvitationRequired('contract', 'read')
  @UseGuards(watch('below'))
  read(@Req() { user }: WithUser) {
    return user!.id;
  }

  /** What the recipe warns of. */
  @Get('above')
  @UseGuards(OwnTicketGuard)
  @InvitationRequired('contract', 'read')
  above(@Req() { user }: WithUser) {
    return user!.id;
  }
}

@Module({
  imports: [JwtModule.register({ secret: 'a secret of the members, for tests only' })],
  exports: [JwtModule],
})
class KeysModule {}

const guest = ({ subject }: { subject: string | null }) => ({ id: subject, roles: ['guest'] });

eachAdapter('a guard of the whole app, by @nestjs/jwt', (adapter) => {
  let museum: Museum;
  let bearer: (id: string, expiresIn?: number) => { Authorization: string };
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, {
      controllers: [ContractController, OrderController],
      imports: [KeysModule],
      providers: [{ provide: APP_GUARD, useClass: LoggedInGuard }],
      options: { guest },
    });
    const jwt = museum.app.get(JwtService, { strict: false });
    bearer = (id, expiresIn = 60) => ({
      Authorization: `Bearer ${jwt.sign({ sub: id, roles: ['member'] }, { expiresIn })}`,
    });
  });
  beforeEach(() => void (passed.length = 0));

  const issue = async (subject: string, purpose = 'read') =>
    (await museum.tickets.issue({ place: 'contract', purpose, subject })).credentials;

  it('[F-23] lets members in everywhere, and guests where an invitation is required', async () => {
    const credentials = await issue('leonard');
    expect((await ask(museum.app, '/contract')).status).toBe(401);
    expect((await ask(museum.app, '/contract', { headers: authorization(credentials) })).status).toBe(401);
    expect((await ask(museum.app, '/contract', { headers: bearer('lisa') })).body).toBe(
      'The contract of lisa',
    );
    const missing = await ask(museum.app, '/contract/offer');
    expect([missing.status, missing.body]).toEqual([401, expect.stringContaining('TICKET_MISSING')]);
    // A member without a ticket is no guest.
    expect((await ask(museum.app, '/contract/offer', { headers: bearer('lisa') })).status).toBe(401);
    const offer = await ask(museum.app, '/contract/offer', { headers: authorization(credentials) });
    expect(offer.body).toBe('An offer to leonard');
  });

  it('[F-23] refuses a token that is wrong, or over, as such, also where guests are let in', async () => {
    for (const headers of [bearer('lisa', -1), { Authorization: 'Bearer nonsense' }])
      for (const target of ['/contract', `/order?${queryOf(await issue('leonard'))}`]) {
        const answer = await ask(museum.app, target, { headers });
        expect([answer.status, answer.body]).toEqual([401, expect.not.stringContaining('TICKET')]);
      }
    expect(passed).toEqual([]);
  });

  it('[F-23] runs guards in the documented order, and `guest` serves those after the invitation’s', async () => {
    const answer = await ask(museum.app, '/order', { headers: authorization(await issue('leonard')) });
    expect([answer.status, answer.body]).toEqual([200, 'leonard']);
    expect(passed).toEqual(['controller: nobody', 'below: nobody', 'above: leonard']);
  });

  it('[F-23] keeps the member where a request brings a token and a ticket', async () => {
    const credentials = await issue('leonard');
    const opened = await ask(museum.app, `/order?${queryOf(credentials)}`, { headers: bearer('lisa') });
    expect(opened.status).toBe(303);
    passed.length = 0;
    const headers = { ...bearer('lisa'), Cookie: cookieOf(opened) };
    expect((await ask(museum.app, '/order', { headers })).body).toBe('lisa');
    expect(passed).toEqual(['controller: lisa', 'below: lisa', 'above: lisa']);
  });

  describe('beside a ticket for one member', () => {
    const sign = async (subject: string, member?: string) => {
      const { uuid, password } = await issue(subject, 'sign');
      const headers = { 'Content-Type': 'application/json', ...(member && bearer(member)) };
      const body = JSON.stringify({ uuid, password });
      const answer = await ask(museum.app, '/contract/signature', { method: 'POST', headers, body });
      return { answer, usedAt: (await museum.row(uuid))!.usedAt };
    };

    it('[S-3] admits the member whom the ticket is for, once', async () => {
      const { answer, usedAt } = await sign('leonard', 'leonard');
      expect([answer.status, answer.body]).toEqual([201, 'Signed by leonard']);
      expect(usedAt).not.toBeNull();
    });

    it('[S-3] refuses another member’s ticket as a stranger’s, and leaves it as it was', async () => {
      const { answer, usedAt } = await sign('leonard', 'lisa');
      expect([answer.status, answer.body]).toEqual([403, expect.stringContaining('TICKET_INVALID')]);
      expect(usedAt).toBeNull();
    });

    it('[S-3] refuses a guest with the ticket alone, though `guest` would make a user of them', async () => {
      const { answer, usedAt } = await sign('leonard');
      expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('Log in first')]);
      expect(usedAt).toBeNull();
      // Above the invitation's guard it would come too late.
      const headers = authorization(await issue('leonard'));
      expect((await ask(museum.app, '/order/above', { headers })).body).toBe('leonard');
    });
  });
});
