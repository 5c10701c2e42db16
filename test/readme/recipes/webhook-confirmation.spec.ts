import { expect, it } from 'vitest';
import { authorization } from '../../invitations/ask.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { startRecipe, twentyAtOnce } from './recipe.js';
import { Renderer } from './renderer.js';
import { RenderingController } from './webhook-confirmation/rendering.controller.js';
import { Rendering } from './webhook-confirmation/rendering.entity.js';
import { RenderingDone, Renderings } from './webhook-confirmation/renderings.js';

const parts = {
  controllers: [RenderingController],
  entities: [Rendering],
  providers: [Renderings, Renderer],
};
const result = { status: 'done', video: 'https://renderer.example/1.mp4' };

eachAdapter('The recipe of a third party’s call', (adapter) => {
  const start = async (database?: Parameters<typeof startRecipe>[2]) => {
    const museum = await startRecipe(adapter, parts, database);
    const { app, dataSource } = museum;
    const renderings = dataSource.getRepository(Rendering);
    await renderings.insert([{ id: '1' }, { id: '2' }]);
    await app.get(Renderings).start(await renderings.findOneByOrFail({ id: '1' }));
    const { pathname, search } = new URL(app.get(Renderer).started[0]!.callback);
    const rendering = () => renderings.findOneByOrFail({ id: '1' });
    return { ...museum, pathname, search, rendering, renderings };
  };

  it('stores the result once, and answers the same to one that is sent again', async () => {
    const { app, pathname, search, rendering } = await start();
    const call = (body: object) =>
      request(app)
        .post(pathname + search)
        .send(body);
    const wrong = [{}, { status: 'begun' }, { status: 'done', video: 'javascript:alert(1)' }];
    for (const body of wrong) expect((await call(body)).status).toBe(400);
    const first = await call(result);
    expect([first.status, first.body]).toEqual([200, { received: true }]);
    const again = await call({ status: 'failed' });
    expect([again.status, again.body]).toEqual([200, { received: true }]);
    expect(await rendering()).toMatchObject(result);
  });

  it('takes the header, too, and no call about another, with another secret, or too late', async () => {
    const { app, tickets, pathname, search, rendering, renderings } = await start();
    const post = (target: string) => request(app).post(target).send(result);
    expect((await post(pathname)).body.errorCode).toBe('TICKET_MISSING');
    for (const wrong of [`${pathname}${search}x`, `/rendering/2/done${search}`])
      expect((await post(wrong)).body.errorCode).toBe('TICKET_INVALID');
    const { credentials } = await tickets.issue(RenderingDone, { params: { id: '2' } });
    const call = () => request(app).post('/rendering/2/done').set(authorization(credentials)).send(result);
    await tickets.revoke(credentials.uuid);
    expect([(await call()).status, (await call()).body.errorCode]).toEqual([403, 'TICKET_REVOKED']);
    expect((await rendering()).status).toBe('begun');

    const valid = await tickets.issue(RenderingDone, { params: { id: '2' } });
    const sent = request(app).post('/rendering/2/done').set(authorization(valid.credentials));
    expect((await sent.send(result)).status).toBe(200);
    expect(await renderings.findOneBy({ id: '2' })).toMatchObject(result);
    expect((await post(`/rendering/2/done?uuid=${valid.credentials.uuid}&password=x`)).status).toBe(403);
  });

  eachDatabase('twenty calls at once', (database) => {
    it('are answered 200 when the result is stored, and store the first alone', async () => {
      const { app, log, pathname, search, rendering } = await start(database);
      let turn = 0;
      const send = () => {
        turn += 1;
        const video = `https://renderer.example/${turn}.mp4`;
        return request(app)
          .post(pathname + search)
          .send({ status: 'done', video });
      };
      let statuses: number[] = [];
      const sent = await log.during(async () => {
        statuses = await twentyAtOnce(send);
      });
      expect(new Set(statuses).has(200)).toBe(true);
      expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
      expect(sent.filter((sql) => /^UPDATE .rendering/.test(sql))).toHaveLength(1);
      expect((await rendering()).status).toBe('done');
      expect((await send()).status).toBe(200);
    });
  });
});
