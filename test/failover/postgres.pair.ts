import type { ServerEnd } from './postgres.server.js';
import { PostgresServer } from './postgres.server.js';
import { SwitchableProxy } from './switchable.proxy.js';

/** How the other server becomes the primary. */
export interface FailOver {
  /** How the old primary ends. */
  readonly end: ServerEnd;
  /** Whether the address leads to the new server before it is the primary, so that guests meet one that only reads. */
  readonly isEarly: boolean;
}

/** A primary and its standby, behind an address that leads to the primary. */
export class PostgresPair {
  private constructor(
    private readonly primary: PostgresServer,
    private readonly standby: PostgresServer,
    private readonly address: SwitchableProxy,
  ) {}

  /** @param prepare makes the tables, before there is a standby */
  static async start(
    programs: string,
    prepare: (url: string) => Promise<unknown>,
    { isSynchronous = true } = {},
  ): Promise<PostgresPair> {
    const primary = await PostgresServer.create(programs);
    await prepare(primary.url);
    const standby = await primary.createStandby('standby');
    if (isSynchronous) await waitForStandby(primary);
    return new PostgresPair(primary, standby, await SwitchableProxy.open(primary.url));
  }

  get url(): string {
    return this.address.url;
  }

  /** The standby gets nothing more, as when the network between the servers has broken. */
  async separate(): Promise<void> {
    await this.standby.query(`ALTER SYSTEM SET primary_conninfo = ''`);
    await this.standby.query('SELECT pg_reload_conf()');
    while ((await this.primary.query('SELECT 1 FROM pg_stat_replication')).length > 0);
  }

  /** @param refused resolves when a guest has been refused by the server that is not the primary yet */
  async failOver({ end, isEarly }: FailOver, refused: () => Promise<unknown>): Promise<void> {
    if (end === 'immediate') await this.address.cut();
    await this.primary.stop(end);
    if (isEarly) {
      await this.address.switchTo(this.standby.url);
      await refused();
    }
    await this.standby.promote();
    if (!isEarly) await this.address.switchTo(this.standby.url);
  }
}

/** From then on, no COMMIT is acknowledged that the standby has not written, too. */
async function waitForStandby(primary: PostgresServer): Promise<void> {
  await primary.query(`ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
  await primary.query('SELECT pg_reload_conf()');
  const synchronous = `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`;
  while ((await primary.query(synchronous)).length === 0);
}
