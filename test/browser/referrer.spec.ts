import { Controller, Get, Header, Injectable, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapterInBrowser } from './browser.js';
import { type Elsewhere, openElsewhere } from './elsewhere.js';
import { HTML, openRooms, page as pageOf, type Rooms } from './rooms.js';
import { open, press } from './sight.js';

/** What all pages of the gallery show. */
@Injectable()
class Exhibit {
  html = '';
}

@Controller()
class GalleryController {
  constructor(private readonly exhibit: Exhibit) {}

  @Get('password')
  @InvitationRequired('account', 'reset')
  @Header('Content-Type', HTML)
  behindPass(): string {
    return pageOf(this.exhibit.html);
  }

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  @Header('Content-Type', HTML)
  stamped(): string {
    return pageOf(this.exhibit.html);
  }

  @Get('square')
  @Header('Content-Type', HTML)
  public(): string {
    return pageOf(this.exhibit.html);
  }
}

eachAdapterInBrowser('a page with a picture and a link of another server', (adapter, guests) => {
  let rooms: Rooms;
  let elsewhere: Elsewhere;

  beforeAll(async () => {
    const parts = { controllers: [GalleryController], providers: [Exhibit] };
    rooms = await openRooms(adapter, parts);
    elsewhere = await openElsewhere();
    elsewhere.show(pageOf('<h1>Elsewhere</h1>'));
    const origin = elsewhere.origin('elsewhere.example');
    rooms.app.get(Exhibit).html = `<img src="${origin}/picture" alt=""><a href="${origin}/page">More</a>`;
  });

  /** Opens a link, follows the other server's, and returns what that was told of the way. */
  async function follow(link: string, buttons: number) {
    elsewhere.asked.length = 0;
    const page = await guests.arrive();
    const shown: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 200) shown.push(response.url());
    });
    await open(page, link);
    for (let left = buttons; left > 0; left -= 1) await press(page);
    await page.getByRole('link').click();
    await page.waitForURL('http://elsewhere.example:*/**');
    const told = elsewhere.asked.map(({ url, headers }) => [url, headers.referer]);
    return { told, shown };
  }

  it.each([
    ['a page behind a pass', '/password', 0],
    ['the page of a stamped handler', '/louvre', 1],
  ] as const)(
    '[L-4] tells that server nothing, and has no secret in its address: %s',
    async (_, room, buttons) => {
      const { link, credentials } = await rooms.invite(room);
      const { told, shown } = await follow(link, buttons);
      expect(told).toEqual([
        ['/picture', undefined],
        ['/page', undefined],
      ]);
      expect(shown).toContain(rooms.origin() + room);
      for (const url of shown) expect(url).not.toContain(credentials.password);
    },
  );

  it('[L-4] would tell it where it comes from without the guard', async () => {
    const { told } = await follow(`${rooms.origin()}/square`, 0);
    expect(told).toEqual([
      ['/picture', `${rooms.origin()}/`],
      ['/page', `${rooms.origin()}/`],
    ]);
  });
});
