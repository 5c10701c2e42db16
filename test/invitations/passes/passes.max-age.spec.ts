import { Controller, Get } from '@nestjs/common';
import { parseSetCookie } from 'cookie';
import {
  type CredentialsLike,
  Invitation,
  InvitationRequired,
  type Ticket,
  TicketInputError,
} from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyDatabase, type Museum } from '../../support/app.js';
import { eachAdapter } from '../../support/adapters.js';
import { TestClock } from '../../support/clock.js';
import { queryOf } from '../ask.js';
import { Browser } from '../browser.js';
import { issue, openLink, startPlacesApp } from '../places.app.js';
import { eachPassStore } from './pass.stores.js';

/** Beside `/louvre`, of the same place and purpose, whose passes last the module's 15 minutes. */
@Controller()
class HoursController {
  @Get('hour')
  @InvitationRequired('louvre', 'visit', { pass: { maxAge: '1h' } })
  hour(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }

  @Get('minute')
  @InvitationRequired('louvre', 'visit', { pass: { maxAge: 60_000 } })
  minute(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }

  @Get('usual')
  @InvitationRequired('louvre', 'visit', { pass: {} })
  usual(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }
}

const MINUTE = 60_000;

eachAdapter("a route's own maxAge", (adapter) => {
  eachPassStore((store) => {
    const clock = new TestClock();
    let museum: Museum;
    beforeAll(async () => {
      const options = { now: clock.now };
      museum = await startPlacesApp(adapter, anyDatabase, store, { controllers: [HoursController], options });
    });

    const statusAt = async (browser: Browser, path: string) => (await browser.visit(path)).status;

    it.each([
      ['/hour', 60],
      ['/minute', 1],
      ['/usual', 15],
      ['/louvre', 15],
    ])('is how long its pass admits: %s, %i minutes', async (path, minutes) => {
      const browser = await openLink(museum, await issue(museum), path);
      clock.advance(minutes * MINUTE - 1);
      expect(await statusAt(browser, path)).toBe(200);
      clock.advance(1);
      expect(await statusAt(browser, path)).toBe(401);
    });

    it('admits no longer to another route than that route lets a pass admit', async () => {
      const browser = await openLink(museum, await issue(museum), '/hour');
      const statuses = async () => [
        await statusAt(browser, '/hour'),
        await statusAt(browser, '/louvre'),
        await statusAt(browser, '/minute'),
      ];
      clock.advance(MINUTE - 1);
      expect(await statuses()).toEqual([200, 200, 200]);
      clock.advance(1);
      expect(await statuses()).toEqual([200, 200, 401]);
      clock.advance(14 * MINUTE);
      expect(await statuses()).toEqual([200, 401, 401]);
      clock.advance(45 * MINUTE);
      expect(await statuses()).toEqual([401, 401, 401]);
    });

    it('makes no pass last longer than the route that granted it says', async () => {
      const browser = await openLink(museum, await issue(museum), '/minute');
      clock.advance(MINUTE - 1);
      expect(await statusAt(browser, '/hour')).toBe(200);
      clock.advance(1);
      expect(await statusAt(browser, '/hour')).toBe(401);
    });

    it('ends no pass of the same ticket sooner, when its link is opened at a stricter route', async () => {
      const credentials = await issue(museum);
      const browser = await openLink(museum, credentials, '/hour');
      clock.advance(30 * MINUTE);
      await openLink(museum, credentials, '/minute', browser);
      clock.advance(MINUTE);
      expect(await statusAt(browser, '/minute')).toBe(401);
      clock.advance(29 * MINUTE - 1);
      expect(await statusAt(browser, '/hour')).toBe(200);
      clock.advance(1);
      expect(await statusAt(browser, '/hour')).toBe(401);
    });

    it('counts anew when the link is opened again', async () => {
      const credentials = await issue(museum);
      const browser = await openLink(museum, credentials, '/hour');
      clock.advance(30 * MINUTE);
      await openLink(museum, credentials, '/hour', browser);
      clock.advance(60 * MINUTE - 1);
      expect(await statusAt(browser, '/hour')).toBe(200);
    });

    if (store.name === 'cookie') {
      it.each([
        ['/hour', 3600],
        ['/minute', 60],
        ['/louvre', 900],
      ])("is its cookie's, too: %s, %i s", async (path, seconds) => {
        const credentials: CredentialsLike = await issue(museum);
        const answer = await new Browser(museum.app).visit(`${path}?${queryOf(credentials)}`);
        const [cookie] = answer.headers['set-cookie']!;
        expect(parseSetCookie(cookie!).maxAge).toBe(seconds);
      });
    }
  });
});

describe("a route's own settings for passes", () => {
  const problemOf = (pass: unknown): readonly string[] => {
    try {
      InvitationRequired('louvre', 'visit', { pass } as object);
      return [];
    } catch (error) {
      expect(error).toBeInstanceOf(TicketInputError);
      return (error as TicketInputError).faults;
    }
  };

  it.each([
    [false, "pass must be { maxAge: '1h' }, not a boolean"],
    [null, "pass must be { maxAge: '1h' }, not null"],
    ['1h', "pass must be { maxAge: '1h' }, not a string"],
    [{ maxAge: 0 }, "pass must be { maxAge: '1h' }"],
    [{ maxAge: 'soon' }, "pass must be { maxAge: '1h' }"],
    [{ maxAge: null }, "pass must be { maxAge: '1h' }"],
    [{ maxage: '1h' }, "pass must be { maxAge: '1h' }: 'maxage' is unknown"],
    [{ store: 'session', 'a\nb': 1 }, "pass must be { maxAge: '1h' }: 'a\\nb' is unknown"],
  ])('are refused, with what to write: %j', (pass, fault) => {
    expect(problemOf(pass)).toEqual([fault]);
  });

  it.each([{ store: 'session' }, { maxAge: '1h', store: 'cookie' }])('are its maxAge alone: %j', (pass) => {
    const [fault] = problemOf(pass);
    expect(fault).toMatch(/^pass must be \{ maxAge: '1h' \}: .*TicketOfficeModule$/);
  });

  it('may be left out, or be empty', () => {
    for (const pass of [undefined, {}, { maxAge: undefined }]) expect(problemOf(pass)).toEqual([]);
  });
});
