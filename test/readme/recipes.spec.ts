import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Credentials, TicketService } from 'nestjs-ticketoffice';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow } from '../invitations/ask.js';
import { formOf } from '../invitations/page.form.js';
import { eachAdapter, request } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';

/** Opens a link as a browser does; returns the pass. */
async function open(app: INestApplication, link: string) {
  const { pathname, search } = new URL(link);
  const opened = await request(app).get(pathname + search);
  expect(opened.status).toBe(303);
  return { location: follow(pathname, opened.headers.location!), cookie: opened.headers['set-cookie']![0]! };
}

const authorization = ({ uuid, password }: Credentials) => `Ticket ${uuid}:${password}`;

describe('the recipes', () => {
  // Reports are files below the working directory.
  const home = process.cwd();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reports-'));
    process.chdir(folder);
    await mkdir('reports');
    await writeFile('reports/2024.pdf', 'a year');
  });

  afterAll(async () => {
    process.chdir(home);
    await rm(folder, { recursive: true });
  });

  eachAdapter('run', (adapter) => {
    it('reset a password once, in one transaction with the stamp; the form can be opened often', async () => {
      const { AccountController } = await import('./account.controller.js');
      const { Account } = await import('./account.entity.js');
      const { hashOf } = await import('./password.hash.js');
      const { app, dataSource, tickets } = await startApp(adapter, anyDatabase, {
        controllers: [AccountController],
        imports: [TypeOrmModule.forFeature([Account])],
      });
      await dataSource.synchronize();
      await dataSource.manager.insert(Account, { id: 'leonard' });
      const reset = { place: 'account', purpose: 'reset password', subject: 'leonard' };
      const { credentials } = await tickets.issue(reset);
      const { location, cookie } = await open(app, tickets.url('/account/password', credentials));
      const look = () => request(app).get(location).set('Cookie', cookie).accept('text/html');
      for (const form of [await look(), await look()]) expect(form.text).toContain('<form method="post">');
      const send = (secret?: string) =>
        request(app).post(location).set('Cookie', cookie).type('form').send({ secret });
      for (const refused of [await send(), await send('x'.repeat(11))]) expect(refused.status).toBe(400);
      expect((await send('a password of Léonard')).text).toBe('Your password has been changed.');
      expect((await send('another password')).body.errorCode).toBe('TICKET_USED');
      const password = await hashOf('a password of Léonard');
      expect(await dataSource.manager.find(Account)).toEqual([{ id: 'leonard', password }]);
    });

    it('send a report once, and leave the ticket of a missing one as it was', async () => {
      const { ReportController } = await import('./report.controller.js');
      const { app, tickets } = await startApp(adapter, anyDatabase, { controllers: [ReportController] });
      const issue = async (year: number) =>
        (await tickets.issue({ place: `report/${year}`, purpose: 'download' })).credentials;
      const download = (year: number, credentials: Credentials) =>
        request(app).get(`/report/${year}`).set('Authorization', authorization(credentials));
      const credentials = await issue(2024);
      expect((await download(2023, credentials)).body.errorCode).toBe('TICKET_INVALID');
      const report = await download(2024, credentials);
      expect(report.headers).toMatchObject({
        'content-type': 'application/pdf',
        'content-disposition': 'attachment; filename="2024.pdf"',
      });
      expect((report.body as Buffer).toString()).toBe('a year');
      expect((await download(2024, credentials)).body.errorCode).toBe('TICKET_USED');
      const early = await issue(2099);
      expect((await download(2099, early)).status).toBe(500);
      expect((await tickets.find(early.uuid))?.status()).toBe('valid');
    });

    it('open a door to a typed code', async () => {
      const { DoorController } = await import('./door.controller.js');
      const { app } = await startApp(adapter, anyDatabase, { controllers: [DoorController] });
      const { page, code } = (await request(app).post('/door/codes')).body as Record<'page' | 'code', string>;
      expect(code).toMatch(/^\d{8}$/);
      const form = await request(app).get(page);
      const [, uuid] = /name="uuid" value="([^"]+)"/.exec(form.text)!;
      const type = (password: string) => request(app).post('/door').type('form').send({ uuid, password });
      expect((await type('nothing')).body.errorCode).toBe('TICKET_INVALID');
      expect((await type(code)).text).toBe('The door is open.');
      expect((await type(code)).body.errorCode).toBe('TICKET_USED');
    });

    it('accept an invitation on the page with the button', async () => {
      const { TeamController } = await import('./team.controller.js');
      const { Member } = await import('./member.entity.js');
      const { app, dataSource } = await startApp(adapter, anyDatabase, {
        controllers: [TeamController],
        imports: [TypeOrmModule.forFeature([Member])],
      });
      await dataSource.synchronize();
      const invited = await request(app).post('/team/invitations').send({ email: 'lisa@museum.example' });
      const { location, cookie } = await open(app, invited.text);
      const browse = (target: string) => request(app).get(target).set('Cookie', cookie).accept('text/html');
      const asked = await browse(location);
      expect([asked.status, await dataSource.manager.count(Member)]).toEqual([200, 0]);
      const joined = await browse(formOf(asked.text, location).target);
      expect([joined.status, joined.headers.location]).toEqual([302, '/team']);
      expect(await dataSource.manager.find(Member)).toEqual([{ email: 'lisa@museum.example' }]);
      expect(await app.get(TicketService).list({ status: 'used' })).toHaveLength(1);
    });
  });
});
