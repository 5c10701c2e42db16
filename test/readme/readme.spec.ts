import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TypeOrmModule } from '@nestjs/typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formOf } from '../invitations/page.form.js';
import { eachAdapter, request, startApp } from '../support/apps.js';
import { anyDatabase, openMuseum } from '../support/museum.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const example = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

describe('the README', () => {
  // The example's database is a file in the working directory, its secret in the environment.
  const home = process.cwd();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'museum-'));
    process.chdir(folder);
    process.env.TICKET_OFFICE_SECRET = 'a secret of at least 32 characters';
  });

  afterAll(async () => {
    process.chdir(home);
    await rm(folder, { recursive: true });
  });

  it.each(['museum.controller.ts', 'museum.module.ts', 'account.controller.ts', 'confirm.page.ts'])(
    'shows %s as it is run here',
    (file) => {
      expect(readme).toContain('```ts\n' + example(file) + '```');
    },
  );

  it('shows the example, guard and issue, within its first 40 lines', () => {
    const first = readme.split('\n').slice(0, 40).join('\n');
    expect(first).toContain('@InvitationRequired(');
    expect(first).toContain('.issue(');
  });

  eachAdapter('its example', (adapter) => {
    it('confirms an address in one transaction with the stamp', async () => {
      const { AccountController } = await import('./account.controller.js');
      const { Account } = await import('./account.entity.js');
      const museum = await openMuseum(adapter, anyDatabase, {
        controllers: [AccountController],
        imports: [TypeOrmModule.forFeature([Account])],
      });
      await museum.dataSource.synchronize();
      await museum.dataSource.manager.insert(Account, { id: 'leonard' });
      const { tickets } = museum;
      const errand = { place: 'account', purpose: 'confirm address', subject: 'leonard' };
      const { credentials } = await tickets.issue(errand);
      const confirm = () =>
        request(museum.app)
          .post('/account/email')
          .set('Authorization', `Ticket ${credentials.uuid}:${credentials.password}`)
          .send({ email: 'leonard@museum.example' });
      expect((await confirm()).text).toBe('Thank you');
      expect((await confirm()).body.errorCode).toBe('TICKET_USED');
      expect(await museum.dataSource.manager.find(Account)).toEqual([
        { id: 'leonard', email: 'leonard@museum.example' },
      ]);
    });

    it('asks a guest with a browser on a page of its own', async () => {
      const { confirm } = await import('./confirm.page.js');
      const { MuseumController } = await import('./museum.controller.js');
      const options = { pages: { confirm } };
      const museum = await openMuseum(adapter, anyDatabase, { controllers: [MuseumController], options });
      const invited = await request(museum.app).post('/invitations').send({ firstName: '<Léonard>' });
      const { pathname, search } = new URL(invited.text);
      const opened = await request(museum.app).get(`${pathname}?room=a%20b&${search.slice(1)}`);
      const browse = (target: string) =>
        request(museum.app).get(target).set('Cookie', opened.headers['set-cookie']![0]!).accept('text/html');
      const page = await browse(opened.headers.location!);
      expect(page.text).toContain('<button>Entrez, &#60;Léonard&#62;</button>');
      expect(formOf(page.text).fields[0]).toEqual(['room', 'a b']);
      expect((await browse(formOf(page.text).target)).text).toContain('Welcome to the Louvre museum');
    });

    it('lets a guest with a link into the Louvre once', async () => {
      const { MuseumModule } = await import('./museum.module.js');
      const app = await startApp(adapter, MuseumModule);
      const invited = await request(app).post('/invitations').send({ firstName: 'Léonard' });
      const link = new URL(invited.text);
      expect(link.origin).toBe('http://localhost:3000');

      const opened = await request(app).get(link.pathname + link.search);
      expect([opened.status, opened.headers.location]).toEqual([303, '/louvre']);
      const cookie = opened.headers['set-cookie']![0]!;

      const welcome = await request(app).get('/louvre').set('Cookie', cookie);
      expect([welcome.status, welcome.text]).toEqual([200, 'Welcome to the Louvre museum Léonard']);

      const again = await request(app).get('/louvre').set('Cookie', cookie);
      expect([again.status, again.body.errorCode]).toEqual([403, 'TICKET_USED']);
    });
  });
});
