import { beforeAll, beforeEach, expect, it } from 'vitest';
import { queryOf, ask } from '../invitations/ask.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase } from '../support/app.js';
import { driverOf, type GraphqlMuseum, LouvreResolver, startGraphql } from './graphql.museum.js';

const codesOf = ({ errors = [] }: { errors?: readonly { message: string }[] }) =>
  errors.map(({ message }) => message);
const USED = 'This link or code has already been used.';
const MISSING = 'A link or a code is needed here.';
const CLOSED = 'Links and codes are for HTTP handlers only.';

eachAdapter('GraphQL', (adapter) => {
  let museum: GraphqlMuseum;
  beforeAll(async () => {
    museum = await startGraphql(adapter, anyDatabase, [LouvreResolver]);
    await museum.dataSource.query('CREATE TABLE visitors (name text)');
  });
  beforeEach(async () => {
    museum.ledger.entries.length = 0;
    await museum.dataSource.query('DELETE FROM visitors');
  });

  const visitors = () => museum.dataSource.query<{ name: string }[]>('SELECT name FROM visitors');
  const usedAt = async (uuid: string) => (await museum.row(uuid))!.usedAt;

  it(`[M-2] (${driverOf(adapter)}) refuses a field without getRequest, and answers the others`, async () => {
    const { headers, uuid } = await museum.invite();
    const before = await museum.row(uuid);
    for (const shown of [{}, headers]) {
      const answer = await museum.send('{ open closed }', shown);
      expect(answer.data).toEqual({ open: 'Welcome', closed: null });
      expect(answer.errors).toMatchObject([{ message: CLOSED, path: ['closed'] }]);
      const mutation = await museum.send('mutation { enterClosed }', shown);
      expect([mutation.data, codesOf(mutation)]).toEqual([{ enterClosed: null }, [CLOSED]]);
    }
    expect(museum.ledger.entries).toEqual([]);
    expect(await museum.row(uuid)).toEqual(before);
    expect((await museum.send('{ open }')).data).toEqual({ open: 'Welcome' });
  });

  it('[M-2] admits by the request that getRequest finds, and refuses what brings no ticket, or a wrong one', async () => {
    const { headers, uuid } = await museum.invite();
    expect(await museum.send('{ look }', headers)).toEqual({ data: { look: uuid } });
    expect(codesOf(await museum.send('{ look }'))).toEqual([MISSING]);
    const wrong = { Authorization: `Ticket ${uuid}:tkt_${'A'.repeat(43)}` };
    expect((await museum.send('{ open look }', wrong)).data).toEqual({ open: 'Welcome', look: null });
    expect(await usedAt(uuid)).toBeNull();
  });

  it('[R-1] stamps once under 20 parallel mutations', async () => {
    const { headers, uuid } = await museum.invite();
    const operations = Array.from({ length: 20 }, (_, number) => `mutation { enter(visitor: "${number}") }`);
    const answers = await Promise.all(operations.map((operation) => museum.send(operation, headers)));
    expect(answers.filter(({ data }) => data?.enter === uuid)).toHaveLength(1);
    expect(answers.filter(({ errors }) => errors)).toHaveLength(19);
    expect(museum.ledger.entries).toHaveLength(1);
    expect(await usedAt(uuid)).not.toBeNull();
  });

  it('[R-1] runs one of two aliases in an operation, of mutations and of queries', async () => {
    const first = await museum.invite();
    const mutation = 'mutation { a: enter(visitor: "Lisa") b: enter(visitor: "Léonard") }';
    const answer = await museum.send(mutation, first.headers);
    // Mutations run in their order.
    expect(answer).toMatchObject({
      data: { a: first.uuid, b: null },
      errors: [{ message: USED, path: ['b'] }],
    });
    expect(museum.ledger.entries).toEqual(['Lisa']);
    const second = await museum.invite();
    const { data } = await museum.send('{ a: enterByQuery b: enterByQuery }', second.headers);
    expect(new Set(Object.values(data!))).toEqual(new Set(['Welcome', null]));
    expect(museum.ledger.count('by query')).toBe(1);
  });

  it('[R-1] runs one mutation of a batch', async () => {
    const { headers, uuid } = await museum.invite();
    const batch = ['mutation { enter(visitor: "Lisa") }', 'mutation { enter(visitor: "Lisa") }', '{ open }'];
    const answers = await museum.send(batch, headers);
    expect(answers.filter(({ data }) => data?.enter === uuid)).toHaveLength(1);
    expect(answers[2]).toEqual({ data: { open: 'Welcome' } });
    expect(museum.ledger.entries).toEqual(['Lisa']);
  });

  it('releases the ticket of a mutation that fails', async () => {
    const { headers, uuid } = await museum.invite();
    const failed = await museum.send('mutation { enter(visitor: "faint") }', headers);
    expect(failed.data).toEqual({ enter: null });
    expect((await museum.send('mutation { enter(visitor: "Lisa") }', headers)).data).toEqual({ enter: uuid });
  });

  it('commits what a mutation writes with the stamp, and rolls both back', async () => {
    const { headers, uuid } = await museum.invite();
    const failed = await museum.send('mutation { write(visitor: "faint") }', headers);
    expect([failed.data, await visitors(), await usedAt(uuid)]).toEqual([{ write: null }, [], null]);
    const operation = 'mutation { a: write(visitor: "Lisa") b: write(visitor: "Leonard") }';
    const answers = await Promise.all([1, 2, 3].map(() => museum.send(operation, headers)));
    const written = answers.flatMap(({ data }) => Object.values(data!)).filter((value) => value === true);
    expect([written, (await visitors()).length]).toEqual([[true], 1]);
    expect(await usedAt(uuid)).not.toBeNull();
  });

  it('[M-3] keeps two fields apart that need different tickets', async () => {
    const [louvre, orsay] = [await museum.invite(), await museum.invite('orsay')];
    const headers = { ...louvre.headers, 'X-Authorization': orsay.headers.Authorization };
    const operation = '{ look orsay again: look }';
    for (const answer of await Promise.all([1, 2, 3].map(() => museum.send(operation, headers))))
      expect(answer).toEqual({ data: { look: louvre.uuid, orsay: orsay.uuid, again: louvre.uuid } });
    const one = await museum.send(operation, louvre.headers);
    expect([one.data, codesOf(one)]).toEqual([
      { look: louvre.uuid, orsay: null, again: louvre.uuid },
      [MISSING],
    ]);
  });

  it('[M-3] keeps them apart where the driver compiles its queries', async () => {
    const compiled = await startGraphql(adapter, anyDatabase, [LouvreResolver], { settings: { jit: 1 } });
    const [louvre, orsay] = [await compiled.invite(), await compiled.invite('orsay')];
    const headers = { ...louvre.headers, 'X-Authorization': orsay.headers.Authorization };
    for (let time = 0; time < 4; time += 1) {
      const answers = await Promise.all([1, 2, 3].map(() => compiled.send('{ look orsay }', headers)));
      for (const { data } of answers) expect(data).toEqual({ look: louvre.uuid, orsay: orsay.uuid });
    }
    const once = 'mutation { a: enter(visitor: "Lisa") b: enter(visitor: "Lisa") }';
    expect((await compiled.send(once, louvre.headers)).data).toEqual({ a: louvre.uuid, b: null });
  });

  it('uses nothing up for a HEAD, nor for what is loaded in advance', async () => {
    const { headers, uuid } = await museum.invite();
    const target = `/graphql?query=${encodeURIComponent('{ enterByQuery }')}`;
    const asked = { 'Content-Type': 'application/json', ...headers };
    await ask(museum.app, target, { method: 'HEAD', headers: asked });
    const early = await ask(museum.app, target, { headers: { ...asked, 'Sec-Purpose': 'prefetch' } });
    expect(early.body).toContain('not loaded in advance');
    expect([museum.ledger.entries, await usedAt(uuid)]).toEqual([[], null]);
    expect((await ask(museum.app, target, { headers: asked })).body).toContain('Welcome');
    expect(museum.ledger.entries).toEqual(['by query']);
  });

  it('[M-2] takes a link’s credentials in the query, without a redirect or a pass', async () => {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const answer = await ask(museum.app, `/graphql?${queryOf(credentials)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: '{ look }' }),
    });
    expect(JSON.parse(answer.body)).toEqual({ data: { look: credentials.uuid } });
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });
});
