import { createRequire } from 'node:module';
import { Controller, Get, type INestApplication, Req, type Type } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { TicketOfficeOptions } from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { BROWSER, follow, queryOf } from '../invitations/ask.js';
import { Browser } from '../invitations/browser.js';
import { captureLog } from '../invitations/captured-log.js';
import { formOf } from '../invitations/page.form.js';
import { Account } from '../readme/account.entity.js';
import { MagicLinkController } from '../readme/magic-link.controller.js';
import { PassportLinkController } from '../readme/passport-link.controller.js';
import type { WithSession } from '../readme/session.log-in.js';
import { SignUpController } from '../readme/sign-up.controller.js';
import { adapterNamed, eachAdapter, type TestAdapter } from '../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../support/app.js';
import { SessionStore, withSessions } from '../support/sessions.js';
import { ownResources } from '../support/suite-scope.js';

interface Member extends Partial<WithSession> {
  readonly user?: { readonly id: string };
}

@Controller()
class AccountPage {
  @Get('account')
  whoIsHere(@Req() { user, session }: Member) {
    return user?.id ?? session?.userId ?? 'nobody';
  }

  /** Puts something into the session, so that there is one. */
  @Get('basket')
  fill(@Req() { session }: { session: Record<string, unknown> }) {
    session['basket'] = ['a postcard'];
    return 'kept';
  }
}

type Options = Pick<TicketOfficeOptions, 'pass' | 'guest'>;

async function start(
  adapter: TestAdapter,
  controller: Type,
  options: Options,
  configure: (app: INestApplication) => void = () => undefined,
) {
  const store = new SessionStore();
  const museum = await startApp(adapter, anyDatabase, {
    controllers: [controller, AccountPage],
    imports: [TypeOrmModule.forFeature([Account])],
    options,
    before: async (app) => {
      await withSessions(adapter, store)(app);
      configure(app);
    },
  });
  await museum.dataSource.synchronize();
  return { ...museum, store };
}

type Started = Museum & { store: SessionStore };

/** Opens a link as a browser does; returns the address of the button. */
async function open(museum: Museum, browser: Browser, path: string, subject: string) {
  const { credentials } = await museum.tickets.issue({ place: 'account', purpose: purposeOf(path), subject });
  const opened = await browser.visit(`${path}?${queryOf(credentials)}`, { headers: BROWSER });
  expect(opened.status).toBe(303);
  const location = follow(path, opened.headers.location!);
  const page = await browser.visit(location, { headers: BROWSER });
  return { uuid: credentials.uuid, button: formOf(page.body, location).target };
}

const purposeOf = (path: string) => (path.endsWith('sign-up') ? 'sign up' : 'log in');
const press = (browser: Browser, button: string) => browser.visit(button, { headers: BROWSER });
const whoIs = async (browser: Browser) => (await browser.visit('/account')).body;

/** What holds of every log-in by a link, whatever keeps the sessions and the passes. */
function behavesAsALogIn(begin: (options: Options) => Promise<Started>, path = '/account/log-in') {
  describe.each([{ pass: { store: 'cookie' } }, { pass: { store: 'session' } }] as const)(
    'with %o',
    (options) => {
      it('logs in once, when the button is pressed, and not before', async () => {
        const museum = await begin(options);
        const browser = new Browser(museum.app);
        const { uuid, button } = await open(museum, browser, path, 'leonard');
        expect(await whoIs(browser)).toBe('nobody');
        const pressed = await press(browser, button);
        expect([pressed.status, pressed.headers.location]).toEqual([302, '/account']);
        const expected = path.endsWith('sign-up') ? uuid : 'leonard';
        expect(await whoIs(browser)).toBe(expected);
        expect((await museum.row(uuid))!.usedAt).not.toBeNull();
        expect((await press(new Browser(museum.app), button)).status).toBe(401);
        const again = await press(browser, button);
        // A log-in empties the session, passes included.
        expect(again.status).toBe(options.pass.store === 'session' ? 401 : 403);
        expect(await whoIs(browser)).toBe(expected);
      });

      it('[S-5] logs nobody in who knew the session before', async () => {
        const museum = await begin(options);
        const thief = new Browser(museum.app);
        await thief.visit('/basket');
        expect(thief.cookies.size).toBe(1);
        const guest = thief.copy();
        const { button } = await open(museum, guest, path, 'leonard');
        const opened = guest.copy();
        expect((await press(guest, button)).status).toBe(302);
        expect(await whoIs(guest)).not.toBe('nobody');
        for (const earlier of [thief, opened]) expect(await whoIs(earlier.copy())).toBe('nobody');
        expect(museum.store.rows.size).toBe(1);
      });

      it('changes who is logged in, and takes nobody’s place by a pass alone', async () => {
        const museum = await begin({ ...options, guest: () => ({ id: 'a guest' }) });
        const browser = new Browser(museum.app);
        await press(browser, (await open(museum, browser, path, 'leonard')).button);
        const first = await whoIs(browser);
        const { uuid, button } = await open(museum, browser, path, 'lisa');
        expect(await whoIs(browser)).toBe(first);
        expect((await press(browser, button)).status).toBe(302);
        expect(await whoIs(browser)).toBe(path.endsWith('sign-up') ? uuid : 'lisa');
      });
    },
  );
}

eachAdapter('a log-in by a link', (adapter) => {
  behavesAsALogIn((options) => start(adapter, MagicLinkController, options));

  it('leaves the link as it was where the session cannot be stored', async () => {
    const museum = await start(adapter, MagicLinkController, {});
    const browser = new Browser(museum.app);
    const { uuid, button } = await open(museum, browser, '/account/log-in', 'leonard');
    captureLog();
    museum.store.onStatement = (statement, row) => {
      if (statement === 'set' && row?.includes('leonard')) throw new Error('the store is away');
    };
    expect((await press(browser, button)).status).toBe(500);
    expect(await whoIs(browser)).toBe('nobody');
    expect((await museum.row(uuid))!.usedAt).toBeNull();
    museum.store.onStatement = () => undefined;
    expect((await press(browser, button)).status).toBe(302);
    expect(await whoIs(browser)).toBe('leonard');
  });
});

eachAdapter('a sign-up by a link', (adapter) => {
  behavesAsALogIn((options) => start(adapter, SignUpController, options), '/account/sign-up');

  it('[F-28] logs nobody in whose account is not committed, and says why', async () => {
    const museum = await start(adapter, SignUpController, {});
    await museum.dataSource.manager.insert(Account, { id: 'lisa', email: 'lisa@museum.example' });
    const browser = new Browser(museum.app);
    const { uuid, button } = await open(museum, browser, '/account/sign-up', 'lisa@museum.example');
    const pressed = await press(browser, button);
    expect([pressed.status, pressed.body]).toEqual([409, expect.stringContaining('an account already')]);
    expect([await whoIs(browser), (await museum.row(uuid))!.usedAt]).toEqual(['nobody', null]);
    expect(museum.store.contents()).toEqual([]);
  });
});

/** What the app's own configuration does with Passport, which has no types here. */
interface Passport {
  initialize(): unknown;
  session(): unknown;
  serializeUser(serialize: (user: object, done: (error: unknown, kept?: unknown) => void) => void): void;
  deserializeUser(find: (kept: object, done: (error: unknown, user?: unknown) => void) => void): void;
}
const { Passport } = createRequire(import.meta.url)('passport') as { Passport: new () => Passport };

describe('a log-in by a link, by Passport on Express', () => {
  ownResources();
  behavesAsALogIn((options) =>
    start(adapterNamed('Express'), PassportLinkController, options, (app) => {
      const passport = new Passport();
      passport.serializeUser((user, done) => done(null, user));
      passport.deserializeUser((kept, done) => done(null, kept));
      app.use(passport.initialize());
      app.use(passport.session());
    }),
  );
});
