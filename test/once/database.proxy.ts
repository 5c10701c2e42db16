import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterwards } from '../support/suite-scope.js';
import { type Barrier, barrier } from '../support/barrier.js';

/** What befalls the next request: it is done, but its reply is lost; or it never arrives. */
export type ConnectionFailure = 'reply lost' | 'request lost';

/** Stands between an app and its database server, and can break a connection at the worst moment. */
export class DatabaseProxy {
  private armed: (Barrier & { failure: ConnectionFailure }) | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client: Socket) => this.join(client));
  }

  /** It closes after the test, or after the block. */
  static async open(target: string): Promise<DatabaseProxy> {
    const server = createServer();
    const proxy = new DatabaseProxy(server, new URL(target));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterwards(() => proxy.close());
    return proxy;
  }

  /** The same database, by this way. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return Object.assign(new URL(this.target), { host: `127.0.0.1:${port}` }).href;
  }

  /** Lets it happen to the next request of any connection; resolves when it has. */
  arm(failure: ConnectionFailure): Promise<void> {
    this.armed = { ...barrier(), failure };
    return this.armed.opened;
  }

  private join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    let doomed: Barrier | undefined;
    const part = () => {
      client.destroy();
      server.destroy();
      doomed?.open();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket.setNoDelay().on('error', part).on('close', part));
    }
    client.on('data', (request) => {
      const armed = this.armed;
      this.armed = undefined;
      doomed ??= armed;
      if (armed?.failure === 'request lost') part();
      else server.write(request);
    });
    server.on('data', (reply) => (doomed ? part() : client.write(reply)));
  }

  private async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
