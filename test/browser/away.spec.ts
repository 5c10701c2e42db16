import { Controller, Get, Injectable, Redirect, UseInterceptors } from '@nestjs/common';
import {
  type ConfirmPageContext,
  Invitation,
  InvitationRequired,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { Ledger } from '../support/app.js';
import { inBrowserOn, SCRIPTING } from './browser.js';
import { type Elsewhere, openElsewhere } from './elsewhere.js';
import { openRooms, page as pageOf, type Rooms } from './rooms.js';
import { open, press } from './sight.js';

/** Where the app has its front end. */
@Injectable()
class FrontEnd {
  url = '';
}

@Controller()
class AddressController {
  constructor(
    private readonly ledger: Ledger,
    private readonly frontEnd: FrontEnd,
  ) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  @Redirect()
  confirm(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return { url: this.frontEnd.url };
  }
}

for (const { platform, title, options } of SCRIPTING) {
  inBrowserOn(platform, `a handler that sends a guest ${title} to another origin`, (adapter, guests) => {
    let rooms: Rooms;
    let elsewhere: Elsewhere;

    beforeAll(async () => {
      rooms = await openRooms(adapter, { controllers: [AddressController], providers: [FrontEnd] });
      elsewhere = await openElsewhere();
      elsewhere.show(pageOf('<h1>Your address is confirmed</h1>'));
    });

    it.each([
      ['another port', 'localhost'],
      ['another site', 'front-end.example'],
    ])('is let go there, to %s, by the button', async (_, host) => {
      rooms.app.get(FrontEnd).url = `${elsewhere.origin(host)}/done`;
      const { link, uuid } = await rooms.invite('/louvre');
      const page = await guests.arrive(options);
      await open(page, link);
      const arrived = page.waitForURL(`${elsewhere.origin(host)}/done`);
      expect(await press(page)).toBe(302);
      // A policy that names where the page's forms may lead holds for redirects, too.
      await arrived;
      expect(await page.getByRole('heading').innerText()).toBe('Your address is confirmed');
      expect(elsewhere.asked.at(-1)!.headers.referer).toBeUndefined();
      expect(rooms.ledger.count(uuid)).toBe(1);
    });
  });
}

inBrowserOn('Express', 'a page whose policy says where forms may lead', (adapter, guests) => {
  it('would hold the guest back, with the ticket used up', async () => {
    const elsewhere = await openElsewhere();
    const options = { pages: { confirm: confirmUnderPolicy } };
    const parts = { controllers: [AddressController], providers: [FrontEnd], options };
    const strict = await openRooms(adapter, parts);
    strict.app.get(FrontEnd).url = `${elsewhere.origin('front-end.example')}/done`;
    const { link, uuid } = await strict.invite('/louvre');
    const page = await guests.arrive();
    await open(page, link);
    const asked = elsewhere.asked.length;
    const complaint = page.waitForEvent('console', (message) => message.text().includes('form-action'));
    await page.getByRole('button').click();
    await complaint;
    expect(page.url()).toBe(`${strict.origin()}/louvre`);
    expect(elsewhere.asked).toHaveLength(asked);
    expect(strict.ledger.count(uuid)).toBe(1);
  });
});

function confirmUnderPolicy({ action, fields }: ConfirmPageContext): string {
  const hidden = fields.map(({ name, value }) => `<input type="hidden" name="${name}" value="${value}">`);
  const head = `<head><title>Go on</title><meta http-equiv="Content-Security-Policy" content="form-action 'self'"></head>`;
  const form = `<form action="${action}">${hidden.join('')}<button>Go on</button></form>`;
  return `<!doctype html><html lang="en">${head}<body>${form}</body></html>`;
}
