import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { request } from '../support/adapters.js';
import { beginDownload, form, invite, issueCode, issueLink, openLouvre } from './louvre.js';

const look = (app: INestApplication, path = '/') => request(app).get(path).accept('text/html');

const press = (app: INestApplication, uuid: string, action: string, place: Record<string, string> = {}) =>
  request(app).post(`/tickets/${uuid}/${action}`).accept('text/html').send(form(place));

const uuidOf = (link: URL) => link.searchParams.get('uuid')!;

/** The page's message about a ticket. */
const newsOn = ({ text }: { text: string }) => /id="ticket-news" role="status">([^<]*)</.exec(text)?.[1];

/** A ticket's badge, and the actions that the page offers. */
function stateOn({ text }: { text: string }, uuid: string): string[] {
  const [item = ''] = new RegExp(`<li [^>]*id="ticket-${uuid}"[^]*?</li>`).exec(text) ?? [];
  const [, badge = 'not there'] = /class="badge [^"]*">([^<]*)</.exec(item) ?? [];
  return [badge, ...[...item.matchAll(/action="[^"]*\/(\w+)"/g)].map(([, action]) => action!)];
}

async function lockedCode(app: INestApplication) {
  const { uuid, code } = await issueCode(app);
  const password = `${(Number(code[0]) + 1) % 10}${code.slice(1)}`;
  for (const _ of [1, 2, 3, 4, 5]) await request(app).post('/door').send(form({ uuid, password }));
  return uuid;
}

describe('An action of the clerk', () => {
  it.each([
    [{}, (uuid: string) => `/?about=${uuid}#ticket-${uuid}`],
    [{ show: 'locked' }, (uuid: string) => `/?show=locked&about=${uuid}#ticket-${uuid}`],
    // The ticket is no longer among these.
    [{ show: 'valid' }, (uuid: string) => `/?show=valid&about=${uuid}#tickets`],
    [{ show: 'elsewhere', from: '//evil.example' }, (uuid: string) => `/?about=${uuid}#ticket-${uuid}`],
  ])('leads back to its place in the list, from %j', async (place, address) => {
    const app = await openLouvre();
    const uuid = uuidOf(await issueLink(app, 'louvre/visit'));
    const revoked = await press(app, uuid, 'revoke', place);
    expect([revoked.status, revoked.headers.location]).toEqual([303, address(uuid)]);
  });

  it('is followed by a message with the ticket’s status', async () => {
    const app = await openLouvre();
    const uuid = uuidOf(await issueLink(app, 'louvre/visit'));
    expect(newsOn(await look(app))).toBe('');
    const { location } = (await press(app, uuid, 'revoke')).headers;
    expect(newsOn(await look(app, location))).toBe('The ticket of Léonard (Visit the museum) is revoked.');
    expect(newsOn(await look(app, '/?about=01998b8e-0000-7000-8000-000000000000'))).toBe('');
  });

  it('keeps the page of the list', async () => {
    const app = await openLouvre();
    const from = uuidOf(await issueLink(app, 'louvre/visit'));
    const uuid = uuidOf(await issueLink(app, 'louvre/visit'));
    const page = await look(app, `/?from=${uuid}`);
    expect(page.text).toMatch(
      new RegExp(`/tickets/${from}/revoke">\\s*<input type="hidden" name="from" value="${uuid}">`),
    );
    const revoked = await press(app, from, 'revoke', { from: uuid });
    expect(revoked.headers.location).toBe(`/?from=${uuid}&about=${from}#ticket-${from}`);
    const reissued = await press(app, uuid, 'reissue', { from });
    expect(reissued.text).toMatch(new RegExp(`href="/\\?from(=|&#x3D;)${from}#ticket-${uuid}">Back`));
  });

  it('has a warning where it may let something happen twice', async () => {
    const app = await openLouvre();
    const guest = await invite(app, 'report/2024-05/download');
    const download = await beginDownload(app, guest);
    for (const path of ['/', '/?show=in-use']) {
      const page = await look(app, path);
      expect(stateOn(page, guest.uuid)).toEqual(['in use', 'reopen', 'revoke']);
      expect(page.text).toMatch(new RegExp(`id="risk-${guest.uuid}">[^<]*may be done twice`));
      expect(page.text).toMatch(/aria-describedby="risk-[^"]*">Reopen</);
    }
    const { location } = (await press(app, guest.uuid, 'reopen', { show: 'in-use' })).headers;
    download.hangUp();
    // The ticket has left the view, so the page shows the list.
    expect(location).toBe(`/?show=in-use&about=${guest.uuid}#tickets`);
    expect(newsOn(await look(app, location))).toMatch(
      /\(Download the visitor report of May 2024\) is valid\.$/,
    );
  });

  it('cannot reissue a locked ticket, whose new code would be locked, too', async () => {
    const app = await openLouvre();
    const good = uuidOf(await issueLink(app, 'louvre/visit'));
    const uuid = await lockedCode(app);
    const all = await look(app);
    expect(stateOn(all, uuid)).toEqual(['locked', 'revoke']);
    expect(stateOn(all, good)).toEqual(['valid', 'reissue', 'revoke']);
    expect(all.text).toMatch(/<a id="show-locked" href="\/\?show(=|&#x3D;)locked"[^>]*>Locked \(1\)<\/a>/);
    const locked = await look(app, '/?show=locked');
    expect(stateOn(locked, uuid)).toEqual(['locked', 'revoke']);
    expect(stateOn(locked, good)).toEqual(['not there']);
    expect(locked.text).toContain('Issue a new ticket instead.');

    const late = await press(app, uuid, 'reissue', { show: 'locked' });
    expect([late.status, stateOn(late, uuid)]).toEqual([409, ['locked', 'revoke']]);
    expect(late.text).toMatch(/role="alert"[^]*have locked this ticket for good: issue another one/);
    await press(app, uuid, 'revoke');
    expect(stateOn(await look(app), uuid)).toEqual(['revoked']);
  });
});
