import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, it } from 'vitest';
import { authorization, BROWSER } from '../../invitations/ask.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { open, startRecipe, twentyAtOnce } from './recipe.js';
import { Newsletter, Unsubscribe } from './unsubscribe-link/newsletter.js';
import { Subscriber } from './unsubscribe-link/subscriber.entity.js';
import { UnsubscribeController } from './unsubscribe-link/unsubscribe.controller.js';

const email = '<leonard>@museum.example';
const ANSWER = 'You get no more newsletters.';

eachAdapter('The recipe of a link to unsubscribe', (adapter) => {
  /** As the page says. */
  const acceptMultipart = (app: INestApplication) => {
    if (adapter.name !== 'Fastify') return;
    const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
    fastify.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
  };
  const parts = {
    controllers: [UnsubscribeController],
    entities: [Subscriber],
    providers: [Newsletter],
    before: acceptMultipart,
  };
  const start = async (database?: Parameters<typeof startRecipe>[2]) => {
    const museum = await startRecipe(adapter, parts, database);
    const subscribers = museum.dataSource.getRepository(Subscriber);
    const newsletter = museum.app.get(Newsletter);
    await newsletter.subscribe(email);
    const find = () => subscribers.findOneByOrFail({ email });
    const link = (await find()).unsubscribeLink;
    const { pathname, search } = new URL(link);
    /** As a mail provider does: without a cookie, and with no header of a browser. */
    const oneClick = () => request(museum.app).post(pathname + search);
    return { ...museum, newsletter, find, link, oneClick };
  };

  it('takes the one click of a mail provider, as a form of either kind, as often as it comes', async () => {
    const { app, newsletter, find, link, oneClick } = await start();
    expect(newsletter.headersFor(await find())).toEqual({
      'List-Unsubscribe': `<${link}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    const form = () => oneClick().type('form').send('List-Unsubscribe=One-Click');
    const multipart = () => oneClick().field('List-Unsubscribe', 'One-Click');
    for (const click of [form, multipart]) {
      for (let time = 0; time < 2; time += 1) {
        const clicked = await click();
        expect([clicked.status, clicked.text]).toEqual([200, ANSWER]);
        expect((await find()).subscribed).toBe(false);
      }
      // Subscribed again, they have the same link, and it works again.
      await newsletter.subscribe(email);
      expect(await find()).toMatchObject({ subscribed: true, unsubscribeLink: link });
    }
    expect((await request(app).post('/newsletter/unsubscribe')).body.errorCode).toBe('TICKET_MISSING');
  });

  it('needs a parser for the other kind of form on Fastify alone', async () => {
    const { app, tickets } = await startRecipe(adapter, { ...parts, before: undefined });
    const { credentials } = await tickets.issue(Unsubscribe, { subject: email });
    const clicked = request(app).post('/newsletter/unsubscribe').set(authorization(credentials));
    const { status } = await clicked.field('List-Unsubscribe', 'One-Click');
    expect(status).toBe(adapter.name === 'Fastify' ? 415 : 200);
  });

  it('shows a page with a button, and changes nothing before that is pressed', async () => {
    const { app, tickets, find, link } = await start();
    await request(app).head(new URL(link).pathname + new URL(link).search);
    const { location, cookie } = await open(app, link);
    const page = await request(app).get(location).set('Cookie', cookie).set(BROWSER);
    expect(page.text).toContain('&#60;leonard&#62;@museum.example gets our newsletter.');
    expect((await find()).subscribed).toBe(true);
    const [, uuid] = /name="ticket-uuid" value="([^"]+)"/.exec(page.text)!;
    const press = (site: string) =>
      request(app)
        .post(location)
        .set({ Cookie: cookie, 'Sec-Fetch-Site': site })
        .type('form')
        .send({ 'ticket-uuid': uuid });
    expect((await press('cross-site')).status).toBe(403);
    expect((await find()).subscribed).toBe(true);
    for (let time = 0; time < 2; time += 1) expect((await press('same-origin')).text).toBe(ANSWER);
    expect((await find()).subscribed).toBe(false);
    expect(await tickets.find(uuid!)).toMatchObject({ usedAt: null, expiresAt: null });
  });

  eachDatabase('twenty clicks at once', (database) => {
    it('are all answered 200, and leave one subscriber with one ticket', async () => {
      const { tickets, newsletter, find, oneClick } = await start(database);
      expect(new Set(await twentyAtOnce(oneClick))).toEqual(new Set([200]));
      expect((await find()).subscribed).toBe(false);
      await newsletter.subscribe(email);
      expect([(await find()).subscribed, await tickets.count(Unsubscribe)]).toEqual([true, 1]);
    });
  });
});
