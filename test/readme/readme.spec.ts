import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { follow } from '../invitations/ask.js';
import { formOf } from '../invitations/page.form.js';
import { eachAdapter, request, startNestApp } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { afterwards } from '../support/suite-scope.js';
import { documentationPages } from './documentation.pages.js';

const root = new URL('../../', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8');
const example = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** The examples on each page. They run here, in the specs of their pages, and as louvre.spec.ts. */
const EXAMPLES: Record<string, string[]> = {
  'docs/database.md': ['nightly.cleaning.ts'],
  'README.md': ['museum.controller.ts', 'museum.module.ts', 'louvre.controller.ts'],
  'docs/from-a-token-table.md': ['user.entity.ts', 'old-reset.controller.ts', 'user-password.controller.ts'],
  'docs/command-line.md': ['museum.data-source.ts'],
  'docs/installing.md': ['museum.module.ts', 'main.ts'],
  'docs/browser-scripts.md': ['turnstile.controller.ts'],
  'docs/beside-a-log-in.md': [
    'session.log-in.ts',
    'magic-link.controller.ts',
    'passport-link.controller.ts',
    'log-in.interceptor.ts',
    'sign-up.controller.ts',
    'logged-in.guard.ts',
    'own-ticket.guard.ts',
    'contract.controller.ts',
  ],
  'docs/graphql-and-websockets.md': [
    'graphql.request.ts',
    'account.resolver.ts',
    'refused-field.filter.ts',
    'message.request.ts',
    'door.gateway.ts',
    'refusal.filter.ts',
    'door.messages.ts',
    'refused-message.filter.ts',
  ],
  'docs/definitions.md': ['louvre.visit.ts', 'visits.controller.ts', 'report.download.ts'],
  'docs/own-columns.md': ['museum.ticket.ts', 'galleries.controller.ts', 'add-gallery.migration.ts'],
  'docs/pages.md': ['confirm.page.ts'],
  'docs/operations.md': ['health.controller.ts'],
  'docs/passwords.md': ['door.controller.ts'],
  'docs/recipes/index.md': ['recipes/account.entity.ts', 'recipes/throttle-route.ts'],
  'docs/recipes/password-reset.md': [
    'recipes/password-reset/password-reset.ticket.ts',
    'recipes/password-reset/forgotten.controller.ts',
    'recipes/password-reset/password.controller.ts',
  ],
  'docs/recipes/confirm-an-address.md': [
    'recipes/confirm-an-address/sign-up.ticket.ts',
    'recipes/confirm-an-address/sign-up.controller.ts',
    'recipes/confirm-an-address/new-account.controller.ts',
  ],
  'docs/recipes/change-an-address.md': [
    'recipes/change-an-address/address.tickets.ts',
    'recipes/change-an-address/address.controller.ts',
  ],
  'docs/recipes/team-invitation.md': [
    'recipes/team-invitation/team-invitation.ticket.ts',
    'recipes/team-invitation/invitations.controller.ts',
    'recipes/team-invitation/join.controller.ts',
  ],
  'docs/recipes/one-time-download.md': [
    'recipes/one-time-download/report-download.ticket.ts',
    'recipes/one-time-download/report.controller.ts',
    'recipes/one-time-download/archive.controller.ts',
  ],
  'docs/recipes/sms-code.md': [
    'recipes/sms-code/phone-code.ticket.ts',
    'recipes/sms-code/phone.controller.ts',
  ],
  'docs/recipes/unsubscribe-link.md': [
    'recipes/unsubscribe-link/subscriber.entity.ts',
    'recipes/unsubscribe-link/newsletter.ts',
    'recipes/unsubscribe-link/unsubscribe.controller.ts',
  ],
  'docs/recipes/approve-by-mail.md': [
    'recipes/approve-by-mail/expense.entity.ts',
    'recipes/approve-by-mail/approvals.ts',
    'recipes/approve-by-mail/decision.controller.ts',
  ],
  'docs/recipes/magic-link.md': [
    'recipes/magic-link/magic-link.ticket.ts',
    'recipes/magic-link/magic-link.controller.ts',
  ],
  'docs/recipes/webhook-confirmation.md': [
    'recipes/webhook-confirmation/rendering.entity.ts',
    'recipes/webhook-confirmation/renderings.ts',
    'recipes/webhook-confirmation/rendering.controller.ts',
    'recipes/webhook-confirmation/retries.filter.ts',
  ],
  'docs/openapi.md': ['api.description.ts'],
  'docs/events.md': [
    'audit-entry.entity.ts',
    'audit.log.ts',
    'ticket.metrics.ts',
    'ticket.spans.ts',
    'expired.invitations.ts',
  ],
  'docs/testing.md': ['museum.controller.spec.ts', 'museum.requests.spec.ts', 'louvre.spec.ts'],
};

/** The code blocks of a page that are whole modules. */
const modulesOn = (file: string) =>
  [...textOf(file).matchAll(/^```ts\n(import [^]*?)^```$/gm)].map(([, code]) => code);

describe('the README', () => {
  // The example keeps its database in the working directory, and reads its secret from the environment.
  const home = process.cwd();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'museum-'));
    process.chdir(folder);
    vi.stubEnv('TICKET_OFFICE_SECRET', 'a secret of at least 32 characters');
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    process.chdir(home);
    await rm(folder, { recursive: true });
  });

  // The tutorial's own are typed and run by test/apps/tutorial.spec.ts.
  const pages = documentationPages.filter((page) => page !== 'docs/tutorial.md');

  it.each(pages)('shows on %s exactly the examples that are run', (file) => {
    expect(modulesOn(file)).toEqual((EXAMPLES[file] ?? []).map(example));
  });

  it.each(['README.md', 'docs/installing.md', 'test/readme/main.ts', 'sample-app/application.ts'])(
    '[F-27] lets SIGTERM wait for handlers in %s',
    (file) => {
      expect(textOf(file)).toContain('app.enableShutdownHooks()');
    },
  );

  it.each(Object.keys(EXAMPLES))('has a page %s', (file) => {
    expect(documentationPages).toContain(file);
  });

  it('shows the example, guard and issue, within its first 40 lines', () => {
    const first = textOf('README.md').split('\n').slice(0, 40).join('\n');
    expect(first).toContain('@InvitationRequired(');
    expect(first).toContain('.issue(');
  });

  eachAdapter('its example', (adapter) => {
    it('asks a browser’s guest on the page of the example', async () => {
      const { confirm } = await import('./confirm.page.js');
      const { MuseumController } = await import('./museum.controller.js');
      const options = { pages: { confirm } };
      const museum = await startApp(adapter, anyDatabase, { controllers: [MuseumController], options });
      const invited = await request(museum.app).post('/invitations').send({ firstName: '<Léonard>' });
      const { pathname, search } = new URL(invited.text);
      const opened = await request(museum.app).get(`${pathname}?room=a%20b&${search.slice(1)}`);
      const browse = (target: string) =>
        request(museum.app).get(target).set('Cookie', opened.headers['set-cookie']![0]!).accept('text/html');
      const location = follow(pathname, opened.headers.location!);
      const page = await browse(location);
      expect(page.text).toContain('<button>Entrez, &#60;Léonard&#62;</button>');
      expect(formOf(page.text, location).fields[0]).toEqual(['room', 'a b']);
      const welcome = await browse(formOf(page.text, location).target);
      expect(welcome.text).toBe('Welcome to the Louvre museum <Léonard>');
      // Markup in a name stays text.
      expect(welcome.headers['content-type']).toBe('text/plain; charset=utf-8');
    });

    it('does the same by a definition, and says what is wrong with data', async () => {
      const { LouvreController } = await import('./louvre.controller.js');
      const { app } = await startApp(adapter, anyDatabase, { controllers: [LouvreController] });
      const invite = (data: object) => request(app).post('/invitations').send(data);
      const refused = await invite({ firstName: 7, admin: true });
      expect([refused.status, refused.body.faults]).toEqual([
        400,
        [expect.stringContaining('data.admin'), expect.stringContaining('data.firstName')],
      ]);
      const { pathname, search } = new URL((await invite({ firstName: 'Léonard' })).text);
      const cookie = (await request(app).get(pathname + search)).headers['set-cookie']![0]!;
      const visit = () => request(app).get('/louvre').set('Cookie', cookie);
      expect((await visit()).text).toBe('Welcome to the Louvre museum Léonard');
      expect((await visit()).body.errorCode).toBe('TICKET_USED');
    });

    it('lets a guest with a link into the Louvre once', async () => {
      const { MuseumModule } = await import('./museum.module.js');
      const app = await startNestApp(adapter, MuseumModule);
      const invited = await request(app).post('/invitations').send({ firstName: 'Léonard' });
      const link = new URL(invited.text);
      expect(link.origin).toBe('http://localhost:3000');

      const opened = await request(app).get(link.pathname + link.search);
      expect([opened.status, opened.headers.location]).toEqual([303, './louvre']);
      const cookie = opened.headers['set-cookie']![0]!;

      const welcome = await request(app).get('/louvre').set('Cookie', cookie);
      expect([welcome.status, welcome.text]).toEqual([200, 'Welcome to the Louvre museum Léonard']);

      const again = await request(app).get('/louvre').set('Cookie', cookie);
      expect([again.status, again.body.errorCode]).toEqual([403, 'TICKET_USED']);
    });
  });

  it('starts the Louvre by its main.ts', async () => {
    const create = vi.spyOn(NestFactory, 'create');
    vi.stubEnv('PORT', '0');
    await import('./main.js');
    const app = (await create.mock.results[0]!.value) as INestApplication;
    afterwards(() => app.close());
    const invited = await request(app).post('/invitations').send({ firstName: 'Léonard' });
    const { pathname, search } = new URL(invited.text);
    expect((await request(app).get(pathname + search)).status).toBe(303);
  });
});
