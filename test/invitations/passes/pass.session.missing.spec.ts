import { describe, expect, it } from 'vitest';
import type { GuestRequest } from '../../../lib/invitations/guest-request.js';
import { PassSession } from '../../../lib/invitations/passes/pass.session.js';
import { TicketOfficeConfigurationError, type TicketOfficeOptions } from 'nestjs-ticketoffice';
import { eachAdapter } from '../../support/adapters.js';
import { guestRequest } from '../../support/guest-requests.js';
import { anyDatabase, type MuseumParts, startApp, queriesOf } from '../../support/app.js';
import { ask, authorization, queryOf } from '../ask.js';
import { PlacesController, issue } from '../places.app.js';
import { captureLog } from '../captured-log.js';

const controllers = [PlacesController];
const options: Pick<TicketOfficeOptions, 'pass'> = { pass: { store: 'session' } };

eachAdapter('an app whose passes are to be in a session', (adapter) => {
  const withoutRegenerate: MuseumParts['before'] = (app) => {
    const before = (request: object, _: unknown, next: () => void) => {
      Object.defineProperty(request, 'session', { value: { visitor: 'Léonard' } });
      next();
    };
    if (adapter.name === 'Express') app.use(before);
    else app.getHttpAdapter().getInstance().addHook('preHandler', before);
  };

  describe.each([
    ['has none', undefined],
    ['has one of another kind', withoutRegenerate],
  ])('and that %s', (_, before) => {
    const open = () => startApp(adapter, anyDatabase, { controllers, options, before });

    it('answers 500 to a request that brings nothing, and logs what to write', async () => {
      const museum = await open();
      const logged = captureLog();
      const answer = await ask(museum.app, '/louvre');
      expect(answer.status).toBe(500);
      expect(answer.body).not.toContain('session');
      expect(logged.map(({ text, error }) => `${text} ${String(error)}`)).toEqual([
        expect.stringMatching(/request\.session.* app\.use\(session\(\{ … \}\)\).* @fastify\/session/),
      ]);
    });

    it('looks at no ticket, and counts no guess, where it could grant no pass', async () => {
      const museum = await open();
      const { uuid, password } = await issue(museum, { password: 'I love Paris' });
      const row = await museum.row(uuid);
      captureLog();
      for (const shown of [password, 'I love Rome']) {
        const visit = () => ask(museum.app, `/louvre?${queryOf({ uuid, password: shown })}`);
        const queries = await queriesOf(museum, async () => expect((await visit()).status).toBe(500));
        expect(queries).toEqual([]);
      }
      expect(await museum.row(uuid)).toEqual(row);
    });

    it('admits a request that needs no pass', async () => {
      const museum = await open();
      const credentials = await issue(museum);
      const answer = await ask(museum.app, '/louvre', { headers: authorization(credentials) });
      expect(answer).toMatchObject({ status: 200, body: credentials.uuid });
    });
  });
});

describe('passes in a session', () => {
  const save = (saved: () => void) => saved();
  const session = (fields: object) => {
    const regenerate = (done: () => void) => {
      request.session = { regenerate, save };
      done();
    };
    const request: { session: object } & GuestRequest = {
      ...guestRequest({}),
      session: {
        ...fields,
        regenerate,
        save,
      },
    };
    return request;
  };
  const parsed = (text: string) => JSON.parse(text) as object;
  const store = new PassSession();
  const stored = { name: 'door', token: 'token', lifetime: 1, evicts: [] };

  it.each([null, undefined, 1, 'session', () => undefined, {}, { regenerate: true, save: true }])(
    'are nowhere where the session is %o',
    (other) => {
      const request = { ...guestRequest({}), session: other };
      expect(() => store.assertAvailable(request)).toThrow(TicketOfficeConfigurationError);
      expect(() => store.all(request)).toThrow(TicketOfficeConfigurationError);
    },
  );

  it.each(['door', '__proto__', 'toString', 'constructor', 'length'])(
    '[S-1] are none by the name of %s that was never put there',
    (name) => {
      for (const text of [
        '{"__proto__":{"door":"token"}}',
        '{}',
        '["token"]',
        '{"door":{"toString":"token"}}',
      ]) {
        expect(new Map(store.all(session({ ticketOffice: parsed(text) }))).get(name)).toBeUndefined();
      }
    },
  );

  it('[S-1] leave no prototype behind that was smuggled in', async () => {
    const smuggled = parsed(
      '{"__proto__":{"isAdmin":true},"ticketOffice":{"__proto__":{"door":"token"},"a":1}}',
    );
    const request = session(smuggled);
    await store.put(request, undefined, stored);
    expect(request.session).not.toHaveProperty('isAdmin');
    expect(Object.entries(request.session)).toContainEqual(['ticketOffice', { door: 'token' }]);
  });
});
