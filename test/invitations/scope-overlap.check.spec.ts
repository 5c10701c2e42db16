import { Controller, Get, Logger } from '@nestjs/common';
import { IsInt, IsString } from 'class-validator';
import { defineTicket, InvitationRequired, type TicketDefinition } from 'nestjs-ticketoffice';
import { expect, it, vi } from 'vitest';
import { adapterNamed } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { afterwards } from '../support/suite-scope.js';
import { ask, authorization } from './ask.js';

class Secret {
  @IsString()
  secret!: string;
}

class Amount {
  @IsInt()
  amount!: number;
}

type Requirement = readonly [place: string, purpose: string] | readonly [definition: TicketDefinition];

const controllerOf = (guarded: Record<string, Requirement>) => {
  @Controller()
  class MuseumController {}
  for (const [path, [first, purpose]] of Object.entries(guarded)) {
    const method = { value: () => path, writable: true, configurable: true };
    Object.defineProperty(MuseumController.prototype, path, method);
    const descriptor = Object.getOwnPropertyDescriptor(MuseumController.prototype, path)!;
    const guard = typeof first === 'string' ? InvitationRequired(first, purpose!) : InvitationRequired(first);
    guard(MuseumController.prototype, path, descriptor);
    Get(path)(MuseumController.prototype, path, descriptor);
  }
  return MuseumController;
};

/** An app with these routes, and what it has logged of scopes at boot. */
async function start(guarded: Parameters<typeof controllerOf>[0]) {
  const logged: string[] = [];
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation((text: unknown) => {
    if (String(text).includes('purpose')) logged.push(String(text));
  });
  afterwards(() => warn.mockRestore());
  const { app, tickets } = await startApp(adapterNamed('Express'), anyDatabase, {
    controllers: [controllerOf(guarded)],
  });
  return { app, tickets, logged };
}

it('A parameter that may be filled as another place has it is warned of at boot', async () => {
  const { app, tickets, logged } = await start({
    'profile/admin': ['profile/admin', 'edit'],
    'profile/:name': ['profile/:name', 'edit'],
  });
  expect(logged).toEqual([
    expect.stringContaining(
      "'profile/admin' and one for 'profile/:name', both to 'edit', may be for the same",
    ),
  ]);
  // What it warns of.
  const { credentials } = await tickets.issue({ place: 'profile/admin', purpose: 'edit' });
  const headers = authorization(credentials);
  expect((await ask(app, '/profile/admin', { headers })).body).toBe('profile/admin');
});

it.each<[string, Requirement, Requirement]>([
  ['another purpose', ['profile/:name', 'edit'], ['profile/admin', 'read']],
  ['another length', ['profile/:name', 'edit'], ['profile/admin/edit', 'edit']],
  ['other text', ['profile/:name', 'edit'], ['account/admin', 'edit']],
  ['other text behind it', ['a/:x/c', 'edit'], ['a/b/d', 'edit']],
  ['text that no parameter is filled with', ['profile/:name', 'edit'], ['profile/@me', 'edit']],
  ['text that is encoded in another way', ['profile/:name', 'edit'], ['profile/%zz', 'edit']],
  ['the same parameter by another name', ['profile/:name', 'edit'], ['profile/:user', 'edit']],
  ['the same place', ['profile', 'edit'], ['profile', 'edit']],
])('%s is no reason to warn', async (_, one, two) => {
  const paths = (place: string) => `${place}/:x/:name/:user`;
  const { logged } = await start({ [paths('one')]: one, [paths('two')]: two });
  expect(logged).toEqual([]);
});

it('Patterns that meet in a third place are warned of', async () => {
  const { logged } = await start({ 'one/:x': ['a/:x', 'edit'], 'two/:y': [':y/b', 'edit'] });
  expect(logged).toEqual([expect.stringContaining("the same place, 'a/b'")]);
});

it('Two definitions of one place and purpose are warned of where their data differ', async () => {
  const scope = { place: 'louvre', purpose: 'visit' } as const;
  const [secret, amount] = [
    defineTicket({ ...scope, data: Secret }),
    defineTicket({ ...scope, data: Amount }),
  ];
  const { logged } = await start({ secret: [secret], amount: [amount], again: [secret] });
  expect(logged).toEqual([expect.stringContaining("the same place and purpose ('louvre', 'visit')")]);
  const twice = await start({ one: [secret], two: [secret], three: ['louvre', 'visit'] });
  expect(twice.logged).toEqual([]);
});
