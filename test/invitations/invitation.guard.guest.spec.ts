import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Req,
  UseGuards,
} from '@nestjs/common';
import { InvitationRequired, type Ticket } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { ask, authorization, cookieOf, queryOf } from './ask.js';

interface Visitor {
  user?: unknown;
  headers: Record<string, string | undefined>;
}

/** Somebody's own log-in. */
class LogIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Visitor>();
    const name = request.headers['x-user'];
    if (name !== undefined) request.user = name === 'nobody' ? null : { name };
    return true;
  }
}

@Controller()
class LouvreController {
  @Get('louvre')
  // Guards run from the bottom up.
  @InvitationRequired('louvre', 'visit')
  @UseGuards(LogIn)
  visit(@Req() request: Visitor) {
    return { user: request.user ?? null };
  }
}

eachAdapter('The option guest', (adapter) => {
  type Guest = (ticket: Ticket, request: Visitor) => unknown;
  const open = (guest?: Guest, which: TestAdapter = adapter) =>
    startApp(which, anyDatabase, { controllers: [LouvreController], options: { guest } });

  async function visit(guest: Guest | undefined, headers: Record<string, string> = {}) {
    const museum = await open(guest);
    const input = { place: 'louvre', purpose: 'visit', subject: 'léonard' };
    const { credentials } = await museum.tickets.issue(input);
    const answer = await ask(museum.app, '/louvre', {
      headers: { ...authorization(credentials), ...headers },
    });
    return { museum, credentials, answer };
  }

  it('makes the guest the user of the request, by credentials and by pass', async () => {
    const guest: Guest = async ({ subject }, { headers }) => ({ subject, agent: headers['user-agent'] });
    const { museum, credentials, answer } = await visit(guest, { 'User-Agent': 'Quill' });
    expect(JSON.parse(answer.body)).toEqual({ user: { subject: 'léonard', agent: 'Quill' } });
    const opened = await ask(museum.app, `/louvre?${queryOf(credentials)}`);
    const byPass = await ask(museum.app, '/louvre', { headers: { Cookie: cookieOf(opened) } });
    expect(JSON.parse(byPass.body)).toEqual({ user: { subject: 'léonard' } });
  });

  it('leaves a user that is logged in, and sets one where there is none', async () => {
    const guest: Guest = () => 'a guest';
    expect(JSON.parse((await visit(guest, { 'X-User': 'Lisa' })).answer.body)).toEqual({
      user: { name: 'Lisa' },
    });
    expect(JSON.parse((await visit(guest, { 'X-User': 'nobody' })).answer.body)).toEqual({ user: 'a guest' });
  });

  it('is not called for a request that is not admitted', async () => {
    let asked = 0;
    const museum = await open(() => (asked += 1));
    expect((await ask(museum.app, '/louvre')).status).toBe(401);
    expect(asked).toBe(0);
  });

  it('may refuse by an exception of its own', async () => {
    const refusal = () => {
      throw new ForbiddenException('No guests today');
    };
    const { answer, museum, credentials } = await visit(refusal);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'No guests today' });
    expect((await museum.row(credentials.uuid))!.usedAt).toBeNull();
  });

  it('left out leaves the request without a user', async () => {
    expect(JSON.parse((await visit(undefined)).answer.body)).toEqual({ user: null });
  });
});
