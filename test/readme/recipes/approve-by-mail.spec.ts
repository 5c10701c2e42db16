import { expect, it } from 'vitest';
import { authorization } from '../../invitations/ask.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { Account } from './account.entity.js';
import { Approvals, Decision } from './approve-by-mail/approvals.js';
import { DecisionController } from './approve-by-mail/decision.controller.js';
import { Expense } from './approve-by-mail/expense.entity.js';
import { expectOne, open, startRecipe, twentyAtOnce } from './recipe.js';

const parts = { controllers: [DecisionController], entities: [Expense], providers: [Approvals] };
const approver = (id: string) => ({ id, email: `${id}@museum.example` }) as Account;

eachAdapter('The recipe of an approval by mail', (adapter) => {
  const start = async (database?: Parameters<typeof startRecipe>[2]) => {
    const museum = await startRecipe(adapter, parts, database);
    const { app, dataSource, mail } = museum;
    const expenses = dataSource.getRepository(Expense);
    await expenses.insert([
      { id: '1 / 2', title: 'Frames & <varnish>' },
      { id: '2', title: 'Brushes' },
    ]);
    const expense = () => expenses.findOneByOrFail({ id: '1 / 2' });
    const askFor = async (id: string) => {
      await app.get(Approvals).ask(await expense(), approver(id));
      const { to, text } = mail.sent.at(-1)!;
      expect(to).toBe(`${id}@museum.example`);
      const [approve = '', reject = ''] = text.match(/http:\S+/g)!;
      return { approve, reject };
    };
    return { ...museum, expenses, expense, askFor };
  };

  it('asks on a page, whichever link is opened, and takes one answer', async () => {
    const { app, expense, askFor } = await start();
    const links = await askFor('lisa');
    const reject = await open(app, links.reject);
    const approve = await open(app, links.approve, reject.cookie);
    const look = ({ location }: typeof approve) =>
      request(app).get(location).set('Cookie', approve.cookie).accept('text/html');
    const pages = [(await look(approve)).text, (await look(reject)).text];
    const checked = pages.map((page) => page.match(/value="(\w+)" required checked/g));
    expect(checked).toEqual([['value="approved" required checked'], ['value="rejected" required checked']]);
    expect(pages[0]).toContain('<h1>Frames &#38; &#60;varnish&#62;</h1>');
    expect((await expense()).status).toBe('open');

    const [, uuid] = /name="ticket-uuid" value="([^"]+)"/.exec(pages[0]!)!;
    const send = ({ location }: typeof approve, fields: object) =>
      request(app)
        .post(location)
        .set('Cookie', approve.cookie)
        .type('form')
        .send({ 'ticket-uuid': uuid, ...fields });
    for (const wrong of [{}, { status: 'open' }, { status: 'approved', comment: 'x'.repeat(1001) }])
      expect((await send(approve, wrong)).status).toBe(400);
    const answered = await send(approve, {
      status: 'approved',
      comment: 'Gold, please.',
      decidedBy: 'leonard',
    });
    expect([answered.status, answered.text]).toEqual([200, 'The expense is approved.']);
    const decided = { status: 'approved', comment: 'Gold, please.', decidedBy: 'lisa' };
    expect(await expense()).toMatchObject(decided);
    expect((await send(reject, { status: 'rejected' })).body.errorCode).toBe('TICKET_USED');
    expect(await expense()).toMatchObject(decided);
  });

  it('decides about no other expense, and about none that is gone', async () => {
    const { app, tickets, expenses, expense } = await start();
    const params = { id: '1 / 2' };
    const { credentials } = await tickets.issue(Decision, { subject: 'lisa', params });
    const send = (id: string) =>
      request(app)
        .post(`/expense/${encodeURIComponent(id)}/decision`)
        .set(authorization(credentials))
        .send({ status: 'approved' });
    expect((await send('2')).body.errorCode).toBe('TICKET_INVALID');
    await expenses.delete(params);
    const page = await request(app).get('/expense/1%20%2F%202/decision').set(authorization(credentials));
    expect(page.status).toBe(404);
    expect((await send('1 / 2')).status).toBe(409);
    await expenses.insert({ ...params, title: 'Again' });
    expect((await send('1 / 2')).status).toBe(200);
    expect((await expense()).comment).toBe('');
  });

  eachDatabase('twenty requests at once', (database) => {
    it('make one decision, by one ticket or by those of colleagues', async () => {
      const { app, tickets, expenses, expense } = await start(database);
      const issue = async (subject: string) =>
        (await tickets.issue(Decision, { subject, params: { id: '1 / 2' } })).credentials;
      const shared = await issue('lisa');
      const send = (status: string, credentials = shared) =>
        request(app).post('/expense/1%20%2F%202/decision').set(authorization(credentials)).send({ status });
      const statuses = ['approved', 'rejected'];
      let turn = 0;
      expectOne(await twentyAtOnce(() => send(statuses[(turn += 1) % 2]!)), 200);
      expect((await expense()).status).not.toBe('open');

      await expenses.update({ id: '1 / 2' }, { status: 'open', decidedBy: null });
      const colleagues = await Promise.all(Array.from({ length: 20 }, (_, index) => issue(`c${index}`)));
      expectOne(await twentyAtOnce(() => send(statuses[(turn += 1) % 2]!, colleagues.pop())), 200);
      expect((await expense()).decidedBy).toMatch(/^c\d+$/);
    });
  });
});
