import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { onTestFinished, vi } from 'vitest';
import { afterwards } from '../support/suite-scope.js';
import { follow } from '../invitations/ask.js';
import { request } from '../support/adapters.js';

const SETTINGS = {
  TICKET_OFFICE_SECRET: 'a secret of at least 32 characters',
  BASE_URL: 'http://localhost:3000', // vitest has a BASE_URL of its own
};

/** Starts the sample app, which reads its settings while its modules load; closes it after the test, or after the block. */
export async function openLouvre(settings: Record<string, string> = {}): Promise<INestApplication> {
  const folder = await mkdtemp(join(tmpdir(), 'louvre-'));
  afterwards(() => rm(folder, { recursive: true }));
  const DATABASE_FILE = join(folder, 'museum.sqlite');
  for (const [name, value] of Object.entries({ ...SETTINGS, DATABASE_FILE, ...settings }))
    vi.stubEnv(name, value);
  afterwards(() => void vi.unstubAllEnvs());
  vi.resetModules();
  const { createMuseum } = await import('../../sample-app/application.js');
  const app = await createMuseum();
  afterwards(() => app.close());
  await app.listen(0, '127.0.0.1');
  return app;
}

/** A form as a browser posts it. */
export const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

/** The page of a new ticket, with its entities decoded. */
export async function issue(app: INestApplication, fields: Record<string, string>): Promise<string> {
  const standard = { guest: 'Léonard', expires: '1 hour', secret: 'generated', password: '' };
  const issued = await request(app)
    .post('/tickets')
    .send(form({ ...standard, ...fields }));
  return shownOf(issued.text);
}

/** The text of a page with its entities decoded. */
export const shownOf = (html: string): string => html.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');

/** The link that is shown with a ticket. */
export const linkOf = (shown: string): URL =>
  new URL(/http:\/\/localhost:3000\/[^"<\s]*uuid=[^"<\s]*/.exec(shown)![0]);

/** The link of a new ticket. */
export async function issueLink(app: INestApplication, offer: string, password?: string): Promise<URL> {
  const secret = password === undefined ? 'generated' : 'chosen';
  return linkOf(await issue(app, { offer, secret, password: password ?? '' }));
}

export interface Invited {
  readonly link: URL;
  readonly uuid: string;
  readonly path: string;
  readonly cookie: string;
}

/** Opens the link of a new ticket: returns where it led, and the pass. */
export async function invite(app: INestApplication, offer: string): Promise<Invited> {
  const link = await issueLink(app, offer);
  const opened = await request(app).get(link.pathname + link.search);
  const cookie = opened.headers['set-cookie']![0]!.split(';')[0]!;
  return {
    link,
    uuid: link.searchParams.get('uuid')!,
    path: follow(link.pathname, opened.headers.location!),
    cookie,
  };
}

/** The code of a new ticket for the door, as it is shown, and the page to type it on. */
export async function issueCode(app: INestApplication) {
  const shown = await issue(app, { offer: 'door/enter' });
  const [, code] = /<strong class="code">(\d{4} \d{4})<\/strong>/.exec(shown)!;
  const [, address, uuid] = /(http:\/\/localhost:3000\/door\/([0-9a-f-]{36}))/.exec(shown)!;
  return { code: code!, address: new URL(address!).pathname, uuid: uuid! };
}

/** Begins a download on a connection of its own; the server waits while nothing more is read. */
export async function beginDownload(app: INestApplication, { path, cookie }: Invited) {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const headers = { Cookie: cookie };
  const download: ClientRequest = httpRequest({ port, path, method: 'POST', headers, agent: false }).end();
  const [file] = (await once(download, 'response')) as [IncomingMessage];
  await once(file, 'readable');
  const hangUp = () => {
    file.on('error', () => undefined);
    download.destroy();
  };
  onTestFinished(hangUp); // or the app would wait for it to end
  return { file, hangUp };
}
