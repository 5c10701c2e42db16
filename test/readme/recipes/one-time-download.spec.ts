import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { callbackify } from 'node:util';
import type { INestApplication } from '@nestjs/common';
import type { Credentials } from 'nestjs-ticketoffice';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { authorization, BROWSER } from '../../invitations/ask.js';
import { formOf } from '../../invitations/page.form.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { ArchiveController, ArchiveDownload } from './one-time-download/archive.controller.js';
import { ReportDownload } from './one-time-download/report-download.ticket.js';
import { ReportController } from './one-time-download/report.controller.js';
import { expectOne, open, startRecipe, twentyAtOnce } from './recipe.js';

const parts = { controllers: [ReportController, ArchiveController] };
/** More than the buffers of a connection hold. */
const LARGE = randomBytes(32 * 1024 * 1024);

// The files are below the working directory.
const home = process.cwd();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'));
  process.chdir(folder);
  await mkdir('reports');
  await mkdir('archive');
  await writeFile('reports/2024.pdf', 'a year');
  await writeFile('archive/2024.zip', 'a small one');
  await writeFile('archive/2025.zip', LARGE);
});

afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

/** Begins a download, and reads no more than its first bytes. */
async function begin(app: INestApplication, path: string, credentials: Credentials) {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const sent = get({ host: '127.0.0.1', port, path, headers: authorization(credentials), agent: false });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await once(response, 'readable');
  response.on('error', () => {});
  sent.on('error', () => {});
  return sent;
}

/** For supertest, to which a zip file is no text. */
const bytes = callbackify((response: unknown) => buffer(response as Readable));

eachAdapter('The recipe of a download', (adapter) => {
  it('sends a report once, for its year, after the page with the button', async () => {
    const { app, tickets } = await startRecipe(adapter, parts);
    const params = { year: 2024 };
    const { credentials } = await tickets.issue(ReportDownload, { params });
    const { location, cookie } = await open(app, tickets.url(ReportDownload, credentials, { params }));
    const browse = (target: string) => request(app).get(target).set('Cookie', cookie).set(BROWSER);
    const page = await browse(location);
    const report = await browse(formOf(page.text, location).target);
    expect(report.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="2024.pdf"',
      'accept-ranges': 'none',
    });
    expect((report.body as Buffer).toString()).toBe('a year');
    const again = await request(app).get(location).set('Cookie', cookie);
    expect(again.body.errorCode).toBe('TICKET_USED');
  });

  it('opens no other year, and leaves the ticket of a missing report as it was', async () => {
    const { app, tickets } = await startRecipe(adapter, parts);
    for (const [path, definition] of [
      ['report', ReportDownload],
      ['archive', ArchiveDownload],
    ] as const) {
      const { credentials } = await tickets.issue(definition, { params: { year: 2099 } });
      const download = (year: number) => request(app).get(`/${path}/${year}`).set(authorization(credentials));
      expect((await download(2024)).body.errorCode).toBe('TICKET_INVALID');
      expect((await download(2099)).status).toBe(500);
      expect((await tickets.inspect(credentials.uuid))!).toMatchObject({ status: 'valid', claimedAt: null });
    }
  });

  it('uses the ticket of a large file up with its last byte', async () => {
    const { app, tickets } = await startRecipe(adapter, parts);
    const params = { year: 2025 };
    const { credentials } = await tickets.issue(ArchiveDownload, { params });
    const state = async () => {
      const { status, claimedAt } = (await tickets.inspect(credentials.uuid))!;
      return claimedAt === null ? status : 'claimed';
    };
    const target = '/archive/2025';
    (await begin(app, target, credentials)).destroy();
    await vi.waitFor(async () => expect(await state()).toBe('valid'));

    const { location, cookie } = await open(app, tickets.url(ArchiveDownload, credentials, { params }));
    const browse = (to: string) => request(app).get(to).set('Cookie', cookie).set(BROWSER);
    const page = await browse(location);
    expect([page.text.includes('<button'), await state()]).toEqual([true, 'valid']);
    const file = await browse(formOf(page.text, location).target).buffer().parse(bytes);
    expect(LARGE.equals(file.body as Buffer)).toBe(true);
    await vi.waitFor(async () => expect((await tickets.find(credentials.uuid))!.status()).toBe('used'));
    expect((await request(app).get(target).set(authorization(credentials))).body.errorCode).toBe(
      'TICKET_USED',
    );
  });

  it('cuts off a guest who has stopped reading, and frees the ticket', async () => {
    const { app, tickets } = await startRecipe(adapter, parts);
    const { credentials } = await tickets.issue(ArchiveDownload, { params: { year: 2025 } });
    const idle = vi.spyOn(ServerResponse.prototype, 'setTimeout');
    const download = await begin(app, '/archive/2025', credentials);
    expect((await tickets.inspect(credentials.uuid))!.claimedAt).not.toBeNull();
    const [time, end] = idle.mock.calls.at(-1)!;
    expect(time).toBe(60_000);
    // As after a minute.
    end!();
    await vi.waitFor(async () => expect((await tickets.inspect(credentials.uuid))!.claimedAt).toBeNull());
    expect((await tickets.find(credentials.uuid))!.status()).toBe('valid');
    download.destroy();
  });

  eachDatabase('twenty requests at once', (database) => {
    it('get the file once', async () => {
      const { app, tickets } = await startRecipe(adapter, parts, database);
      for (const [path, definition] of [
        ['report', ReportDownload],
        ['archive', ArchiveDownload],
      ] as const) {
        const { credentials } = await tickets.issue(definition, { params: { year: 2024 } });
        const send = () => request(app).get(`/${path}/2024`).set(authorization(credentials));
        expectOne(await twentyAtOnce(send), 200);
        await vi.waitFor(async () => expect((await tickets.find(credentials.uuid))!.status()).toBe('used'));
      }
    });
  });
});
