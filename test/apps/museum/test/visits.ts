import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashOf } from '../../../readme/password.hash.js';

/** What guests do in the museum, and see: tests of an app that listens at a URL. */
export function visits(urlOfApp: () => string): void {
  const send = (path: string, headers: Record<string, string> = {}, options: RequestInit = {}) =>
    fetch(new URL(path, urlOfApp()), { redirect: 'manual', headers, ...options });

  const form = (fields: Record<string, string>): RequestInit => ({
    method: 'POST',
    body: new URLSearchParams(fields),
  });

  const codeOf = async (response: Response) =>
    [response.status, ((await response.json()) as { errorCode?: string }).errorCode] as const;

  const textOf = async (response: Response) => [response.status, await response.text()] as const;

  /** Opens a link as a browser does; resolves to the clean path, and to a pass. */
  async function open(link: string) {
    const { pathname, search } = new URL(link);
    const opened = await send(pathname + search);
    expect(opened.status).toBe(303);
    const { pathname: path } = new URL(opened.headers.get('location')!, link);
    expect(path).toBe(pathname);
    return { path, cookie: opened.headers.getSetCookie()[0]!.split(';')[0]! };
  }

  const invite = async () => (await send('/invitations', {}, form({ firstName: 'Léonard' }))).text();

  const order = async (fields: Record<string, string>) => ({
    Authorization: await (await send('/tickets', {}, form(fields))).text(),
  });

  it('turns a stranger away', async () => {
    expect(await codeOf(await send('/louvre'))).toEqual([401, 'TICKET_MISSING']);
  });

  it('lets a guest in once, by a link, the clean URL and a pass', async () => {
    const { path, cookie } = await open(await invite());
    expect(await textOf(await send(path, { cookie }))).toEqual([200, 'Welcome to the Louvre museum Léonard']);
    expect(await codeOf(await send(path, { cookie }))).toEqual([403, 'TICKET_USED']);
  });

  it('lets a browser in once, by the button on the page', async () => {
    const { path, cookie } = await open(await invite());
    const browse = async (target: string) => textOf(await send(target, { cookie, accept: 'text/html' }));
    const [status, page] = await browse(path);
    const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)">/g)];
    const query = new URLSearchParams(fields.map(([, name, value]): [string, string] => [name!, value!]));
    const pressed = `${path}?${query.toString()}`;
    expect([status, fields.length]).toEqual([200, 2]);
    expect(await browse(pressed)).toEqual([200, 'Welcome to the Louvre museum Léonard']);
    expect((await browse(pressed))[0]).toBe(403);
  });

  it('writes a new password, and stamps the ticket, in one transaction', async () => {
    const id = randomUUID();
    const { path, cookie } = await open(await (await send(`/accounts/${id}`, {}, { method: 'POST' })).text());
    const change = (secret: string) => send(path, { cookie }, form({ secret }));
    expect((await change('short')).status).toBe(400);
    expect(await textOf(await change('a password of Léonard'))).toEqual([
      201,
      'Your password has been changed.',
    ]);
    expect(await codeOf(await change('another password'))).toEqual([403, 'TICKET_USED']);
    const account = await (await send(`/accounts/${id}`)).json();
    expect(account).toEqual({ id, email: null, password: await hashOf('a password of Léonard') });
  });

  it('lets a guest in once, by a password that a human has chosen', async () => {
    const headers = await order({ firstName: 'Lisa', password: 'I love Paris' });
    const wrong = { Authorization: headers.Authorization.replace('Paris', 'Rome') };
    expect(await codeOf(await send('/louvre', wrong))).toEqual([403, 'TICKET_INVALID']);
    expect(await textOf(await send('/louvre', headers))).toEqual([200, 'Welcome to the Louvre museum Lisa']);
    expect(await codeOf(await send('/louvre', headers))).toEqual([403, 'TICKET_USED']);
  });

  it('lets one of several requests in at the same time', async () => {
    const headers = await order({ firstName: 'Lisa' });
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => send('/louvre', headers)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
}
