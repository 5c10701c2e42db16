import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { execute } from '../support/database-servers.js';
import { databaseUrl } from '../support/private-database.js';
import { afterwards, ownResources } from '../support/suite-scope.js';
import { follow } from '../invitations/ask.js';
import { type RunningCluster, startCluster } from './cluster.process.js';
import { form, linkOf, shownOf } from './louvre.js';

const server = inject('databases').find(({ name }) => name.startsWith('postgres'))?.url;

const PARALLEL = 20;
/** In ms. */
const WHILE_IT_LEARNS = { timeout: 20_000, interval: 200 };

describe.skipIf(!server)('The sample app as two nodes on one PostgreSQL', () => {
  ownResources();
  let cluster: RunningCluster;
  beforeAll(async () => {
    cluster = await startCluster(server!);
  });

  const query = (sql: string) => execute('postgres', databaseUrl('postgres', server!, cluster.database), sql);

  /** Issues a ticket at a node, or at the address in front. */
  async function issue(at: string, offer: string): Promise<URL> {
    const fields = { guest: 'Léonard', expires: '1 hour', secret: 'generated', password: '', offer };
    const body = form(fields);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const issued = await fetch(`${at}/tickets`, { method: 'POST', body, headers });
    return linkOf(shownOf(await issued.text()));
  }

  /** Opens a link at a node: returns where it led, and the pass. */
  async function open(at: string, { pathname, search }: URL): Promise<{ path: string; cookie: string }> {
    const opened = await fetch(at + pathname + search, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    return {
      path: follow(pathname, opened.headers.get('Location')!),
      cookie: opened.headers.get('Set-Cookie')!.split(';')[0]!,
    };
  }

  const authorization = ({ searchParams }: URL) =>
    `Ticket ${searchParams.get('uuid')}:${searchParams.get('password')}`;

  /** Sends as many requests at once, to each of the addresses in turn: how many had which status. */
  async function statuses(addresses: readonly string[], path: string, headers: Record<string, string>) {
    const answers = await Promise.all(
      Array.from({ length: PARALLEL }, (_, index) =>
        fetch(addresses[index % addresses.length]! + path, { headers }),
      ),
    );
    const count = (isOne: (status: number) => boolean) =>
      answers.filter(({ status }) => isOne(status)).length;
    return {
      success: count((status) => status === 200),
      refused: count((status) => status === 403 || status === 409),
      nodes: new Set(answers.map((answer) => answer.headers.get('X-Node'))).size,
    };
  }

  it('[N-1] runs each migration once, though both start at once', async () => {
    expect(cluster.nodes).toHaveLength(2);
    const rows = (await query('SELECT name FROM migrations ORDER BY id')) as { name: string }[];
    const names = rows.map(({ name }) => name);
    expect(names).toContain('CreateAccount1795500000000');
    expect(names).toEqual([...new Set(names)]);
  });

  it('[N-1] redeems once, behind one address, what either node has issued', async () => {
    for (const { url } of cluster.nodes) {
      const link = await issue(url, 'louvre/visit');
      const headers = { Authorization: authorization(link) };
      const shared = await statuses([cluster.url], link.pathname, headers);
      expect(shared).toEqual({ success: 1, refused: PARALLEL - 1, nodes: 2 });
    }
  });

  it('[N-1] redeems once with the pass of either node', async () => {
    const urls = cluster.nodes.map(({ url }) => url);
    for (const granting of urls) {
      const link = await issue(cluster.url, 'louvre/visit');
      const { path, cookie } = await open(granting, link);
      const shared = await statuses(urls, path, { Cookie: cookie });
      expect(shared).toMatchObject({ success: 1, refused: PARALLEL - 1 });
    }
  });

  it('[N-2] keeps a ticket claimed whose node is killed in mid-handler, and serves on', async () => {
    const [doomed, other] = cluster.nodes;
    const link = await issue(doomed!.url, 'report/2024-05/download');
    const { path, cookie } = await open(doomed!.url, link);
    const download = httpRequest(doomed!.url + path, { method: 'POST', headers: { Cookie: cookie } }).end();
    const [file] = (await once(download, 'response')) as [IncomingMessage];
    afterwards(() => file.on('error', () => undefined).destroy());
    await once(file, 'readable');
    const broken = once(file, 'error');
    process.kill(doomed!.pid, 'SIGKILL');
    file.resume();
    await broken;
    const again = await fetch(other!.url + path, { method: 'POST', headers: { Cookie: cookie } });
    expect(again.status).toBe(409);
    // The address in front leads to the dead node until it learns of its end.
    await vi.waitFor(async () => {
      const claimed = await (await fetch(`${cluster.url}/?show=claimed`)).text();
      expect(claimed).toContain(link.searchParams.get('uuid'));
    }, WHILE_IT_LEARNS);
    const next = await issue(cluster.url, 'louvre/visit');
    const visit = await statuses([cluster.url], next.pathname, { Authorization: authorization(next) });
    expect(visit).toEqual({ success: 1, refused: PARALLEL - 1, nodes: 1 });
  });

  it('[N-3] ends at SIGTERM, and drops its database', async () => {
    expect(await cluster.end('SIGTERM')).toBe(0);
    const left = await execute(
      'postgres',
      server!,
      `SELECT datname FROM pg_database WHERE datname = '${cluster.database}'`,
    );
    expect(left).toEqual([]);
    for (const { url } of [cluster, ...cluster.nodes]) await expect(fetch(url)).rejects.toThrow('fetch');
  });
});

it.skipIf(server)('The cluster of the sample app: this run has no PostgreSQL', () => undefined);
