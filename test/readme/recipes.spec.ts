import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Credentials, TicketService } from 'nestjs-ticketoffice';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { follow } from '../invitations/ask.js';
import { captureLog } from '../invitations/captured-log.js';
import { formOf } from '../invitations/page.form.js';
import { eachAdapter, request } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { barrier } from '../support/barrier.js';

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
      expect(await dataSource.manager.find(Account)).toEqual([{ id: 'leonard', email: null, password }]);
    });

    it('[S-13] reset the password of the form’s own link, though another was opened since', async () => {
      const { AccountController } = await import('./account.controller.js');
      const { Account } = await import('./account.entity.js');
      const { app, dataSource, tickets } = await startApp(adapter, anyDatabase, {
        controllers: [AccountController],
        imports: [TypeOrmModule.forFeature([Account])],
      });
      await dataSource.synchronize();
      const cookies: string[] = [];
      const forms: string[] = [];
      for (const id of ['leonard', 'lisa']) {
        await dataSource.manager.insert(Account, { id });
        const reset = { place: 'account', purpose: 'reset password', subject: id };
        const { credentials } = await tickets.issue(reset);
        cookies.push((await open(app, tickets.url('/account/password', credentials))).cookie);
        const form = await request(app).get('/account/password').set('Cookie', cookies.join('; '));
        forms.push(/name="ticket-uuid" value="([^"]+)"/.exec(form.text)![1]!);
      }
      const fields = { 'ticket-uuid': forms[0], secret: 'a password of Léonard' };
      const sent = request(app).post('/account/password').set('Cookie', cookies.join('; ')).type('form');
      expect((await sent.send(fields)).text).toBe('Your password has been changed.');
      const changed = (await dataSource.manager.find(Account)).filter(({ password }) => password !== '');
      expect(changed.map(({ id }) => id)).toEqual(['leonard']);
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
      expect((await request(app).post('/team/invitations').send({})).status).toBe(400);
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

    it('[F-28] tell a member who is there already, whichever invitation is opened', async () => {
      const { TeamController } = await import('./team.controller.js');
      const { Member } = await import('./member.entity.js');
      const { app, dataSource, tickets } = await startApp(adapter, anyDatabase, {
        controllers: [TeamController],
        imports: [TypeOrmModule.forFeature([Member])],
      });
      await dataSource.synchronize();
      const email = 'lisa@museum.example';
      const invite = async () =>
        (await tickets.issue({ place: 'team', purpose: 'join', subject: email })).credentials;
      const [first, second] = [await invite(), await invite()];
      const accept = (credentials: Credentials) =>
        request(app).get('/team/join').set('Authorization', authorization(credentials));
      expect((await accept(first)).status).toBe(302);
      for (const again of [await accept(second), await accept(second)]) {
        expect([again.status, again.body.message]).toEqual([409, 'You are a member already.']);
      }
      expect((await accept(first)).body.errorCode).toBe('TICKET_USED');
      expect(await dataSource.manager.find(Member)).toEqual([{ email }]);
    });

    it('[F-18] answer a forgotten password alike, account or none, mail server up, slow or down', async () => {
      const { ForgottenController } = await import('./forgotten.controller.js');
      const { Account } = await import('./account.entity.js');
      const { Mail } = await import('./mail.js');
      const { app, dataSource, tickets } = await startApp(adapter, anyDatabase, {
        controllers: [ForgottenController],
        imports: [TypeOrmModule.forFeature([Account])],
        providers: [Mail],
      });
      await dataSource.synchronize();
      await dataSource.manager.insert(Account, { id: 'leonard', email: 'leonard@museum.example' });
      const mail = app.get(Mail);
      const ask = async (email?: unknown) => {
        const { status, text } = await request(app).post('/account/forgotten').send({ email });
        return [status, text];
      };
      const wanted = [202, 'If there is such an account, a link is on its way.'];
      for (const email of [
        'nobody@museum.example',
        '',
        undefined,
        null,
        { not: '' },
        ['a'],
        42,
        'x'.repeat(9999),
      ])
        expect(await ask(email)).toEqual(wanted);
      expect(await tickets.list()).toEqual([]);

      const sent = barrier();
      vi.spyOn(mail, 'send').mockImplementationOnce(async (to, text) => {
        mail.sent.push({ to, text });
        sent.open();
      });
      expect(await ask('leonard@museum.example')).toEqual(wanted);
      await sent.opened;
      expect(mail.sent[0]!.to).toBe('leonard@museum.example');
      expect(mail.sent[0]!.text).toContain('/account/password?uuid=');

      const log = captureLog();
      const [asked, down] = [barrier(), barrier()];
      vi.spyOn(mail, 'send').mockImplementationOnce(async () => {
        asked.open();
        await down.opened;
        throw new Error('the mail server is down');
      });
      // Answered while the mail server has not answered yet.
      expect(await ask('leonard@museum.example')).toEqual(wanted);
      await asked.opened;
      down.open();
      await vi.waitFor(() => expect(log.map(({ text }) => text)).toEqual(['No link was sent']));
    });

    it('[F-18] revoke the other links of an account with the change of its password, or none', async () => {
      const { AccountController } = await import('./account.controller.js');
      const { Account } = await import('./account.entity.js');
      const { app, dataSource, tickets } = await startApp(adapter, anyDatabase, {
        controllers: [AccountController],
        imports: [TypeOrmModule.forFeature([Account])],
      });
      await dataSource.synchronize();
      await dataSource.manager.insert(Account, [{ id: 'leonard' }, { id: 'lisa' }]);
      const reset = { place: 'account', purpose: 'reset password' };
      const issue = (subject: string) => tickets.issue({ ...reset, subject });
      const links = [await issue('leonard'), await issue('leonard'), await issue('lisa')];
      const statuses = () =>
        Promise.all(links.map(async ({ ticket }) => (await tickets.find(ticket.uuid))!.status()));
      const change = (secret: string) =>
        request(app)
          .post('/account/password')
          .set('Authorization', authorization(links[0]!.credentials))
          .send({ secret });
      expect((await change('short')).status).toBe(400);
      expect(await statuses()).toEqual(['valid', 'valid', 'valid']);
      expect((await change('a password of Léonard')).status).toBe(201);
      expect(await statuses()).toEqual(['used', 'revoked', 'valid']);
    });

    it('invite again, and change an address again, with the newest link alone', async () => {
      const { TeamController } = await import('./team.controller.js');
      const { AddressController } = await import('./address.controller.js');
      const { Mail } = await import('./mail.js');
      const { app, tickets } = await startApp(adapter, anyDatabase, {
        controllers: [TeamController, AddressController],
        providers: [Mail],
      });
      for (let time = 0; time < 2; time += 1) {
        await request(app).post('/team/invitations').send({ email: 'lisa@museum.example' });
        await request(app)
          .post('/account/address')
          .send({ id: 'leonard', email: `${time}@museum.example` });
      }
      const [invited] = await tickets.list({ place: 'team', status: 'valid', order: 'newest' });
      expect([invited?.subject, await tickets.count({ status: 'valid' })]).toEqual([
        'lisa@museum.example',
        2,
      ]);
      const [confirmed] = await tickets.list({ place: 'account', status: 'valid' });
      expect(confirmed?.data).toEqual({ email: '1@museum.example' });
    });

    it('[F-28] change an address once, not to one that another account has taken meanwhile', async () => {
      const { AddressController } = await import('./address.controller.js');
      const { Account } = await import('./account.entity.js');
      const { Mail } = await import('./mail.js');
      const { app, dataSource } = await startApp(adapter, anyDatabase, {
        controllers: [AddressController],
        imports: [TypeOrmModule.forFeature([Account])],
        providers: [Mail],
      });
      await dataSource.synchronize();
      const accounts = dataSource.getRepository(Account);
      await accounts.insert([
        { id: 'leonard', email: 'leonard@old.example' },
        { id: 'lisa', email: 'lisa@museum.example' },
      ]);
      const ask = async (id: string, email: string) => {
        await request(app).post('/account/address').send({ id, email });
        const { to, text } = app.get(Mail).sent.at(-1)!;
        expect(to).toBe(email);
        return open(app, text);
      };
      const confirm = async ({ location, cookie }: { location: string; cookie: string }) => {
        const { status, text, body } = await request(app).get(location).set('Cookie', cookie);
        return [status, (body as { errorCode?: string; message?: string }).message ?? text];
      };
      const link = await ask('leonard', 'leonard@museum.example');
      expect(await confirm(link)).toEqual([200, 'Your address is confirmed.']);
      expect((await confirm(link))[0]).toBe(403);
      expect(await accounts.findOneBy({ id: 'leonard' })).toMatchObject({ email: 'leonard@museum.example' });

      const taken = await ask('leonard', 'lisa@museum.example');
      const refused = [409, 'Another account has this address by now.'];
      for (let time = 0; time < 2; time += 1) expect(await confirm(taken)).toEqual(refused);
      const gone = await ask('lisa', 'lisa@old.example');
      await accounts.delete({ id: 'lisa' });
      expect(await confirm(gone)).toEqual([410, 'There is no such account any more.']);
    });
  });
});
