import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { request } from '../support/apps.js';
import { beginDownload, form, invite, issueCode, issueLink, openLouvre } from './louvre.js';

const look = (app: INestApplication, path = '/') => request(app).get(path).accept('text/html');

const press = (app: INestApplication, uuid: string, deed: string, place: Record<string, string> = {}) =>
  request(app).post(`/tickets/${uuid}/${deed}`).accept('text/html').send(form(place));

const uuidOf = (link: URL) => link.searchParams.get('uuid')!;

/** What the page says about the ticket that something was done about. */
const toldOn = ({ text }: { text: string }) => /id="ticket-news" role="status">([^<]*)</.exec(text)?.[1];

/** What the page lets a clerk do about a ticket, and the badge that it has. */
function standingOn({ text }: { text: string }, uuid: string): string[] {
  const [stub = ''] = new RegExp(`<li [^>]*id="ticket-${uuid}"[^]*?</li>`).exec(text) ?? [];
  const [, badge = 'not there'] = /class="badge [^"]*">([^<]*)</.exec(stub) ?? [];
  return [badge, ...[...stub.matchAll(/action="[^"]*\/(\w+)"/g)].map(([, deed]) => deed!)];
}

async function lockedCode(app: INestApplication) {
  const { uuid, code } = await issueCode(app);
  const password = `${(Number(code[0]) + 1) % 10}${code.slice(1)}`;
  for (const _ of [1, 2, 3, 4, 5]) await request(app).post('/door').send(form({ uuid, password }));
  return uuid;
}

describe('What the clerk does about a ticket', () => {
  it.each([
    [{}, (uuid: string) => `/?about=${uuid}#ticket-${uuid}`],
    [{ show: 'locked' }, (uuid: string) => `/?show=locked&about=${uuid}#ticket-${uuid}`],
    [{ show: 'elsewhere', from: '//evil.example' }, (uuid: string) => `/?about=${uuid}#ticket-${uuid}`],
  ])('leads back to where it was done, from %j', async (place, address) => {
    const app = await openLouvre();
    const uuid = uuidOf(await issueLink(app, 'louvre/visit'));
    const revoked = await press(app, uuid, 'revoke', place);
    expect([revoked.status, revoked.headers.location]).toEqual([303, address(uuid)]);
  });

  it('is told there, by how the ticket stands', async () => {
    const app = await openLouvre();
    const uuid = uuidOf(await issueLink(app, 'louvre/visit'));
    expect(toldOn(await look(app))).toBe('');
    const { location } = (await press(app, uuid, 'revoke')).headers;
    expect(toldOn(await look(app, location))).toBe('The ticket of Léonard (Visit the museum) is revoked.');
    expect(toldOn(await look(app, '/?about=01998b8e-0000-7000-8000-000000000000'))).toBe('');
  });

  it('goes along with the page of the list that it is done on', async () => {
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

  it('is warned of where it may have something done twice', async () => {
    const app = await openLouvre();
    const guest = await invite(app, 'report/2024-05/download');
    const download = await beginDownload(app, guest);
    for (const path of ['/', '/?show=in-use']) {
      const page = await look(app, path);
      expect(standingOn(page, guest.uuid)).toEqual(['in use', 'reopen', 'revoke']);
      expect(page.text).toMatch(new RegExp(`id="risk-${guest.uuid}">[^<]*may be done twice`));
      expect(page.text).toMatch(/aria-describedby="risk-[^"]*">Reopen</);
    }
    const { location } = (await press(app, guest.uuid, 'reopen', { show: 'in-use' })).headers;
    download.hangUp();
    // It has left the view: the list is the next best place.
    expect(location).toBe(`/?show=in-use&about=${guest.uuid}#tickets`);
    expect(toldOn(await look(app, location))).toMatch(
      /\(Download the visitor report of May 2024\) is valid\.$/,
    );
  });

  it('is little for a ticket that is locked: neither it nor another code of it opens anything', async () => {
    const app = await openLouvre();
    const good = uuidOf(await issueLink(app, 'louvre/visit'));
    const uuid = await lockedCode(app);
    const all = await look(app);
    expect(standingOn(all, uuid)).toEqual(['locked', 'revoke']);
    expect(standingOn(all, good)).toEqual(['valid', 'reissue', 'revoke']);
    expect(all.text).toMatch(/<a id="show-locked" href="\/\?show(=|&#x3D;)locked"[^>]*>Locked \(1\)<\/a>/);
    const locked = await look(app, '/?show=locked');
    expect(standingOn(locked, uuid)).toEqual(['locked', 'revoke']);
    expect(standingOn(locked, good)).toEqual(['not there']);
    expect(locked.text).toContain('Issue a new ticket instead.');

    const late = await press(app, uuid, 'reissue', { show: 'locked' });
    expect([late.status, standingOn(late, uuid)]).toEqual([409, ['locked', 'revoke']]);
    expect(late.text).toMatch(/role="alert"[^]*This ticket is locked/);
    await press(app, uuid, 'revoke');
    expect(standingOn(await look(app), uuid)).toEqual(['revoked']);
  });
});
