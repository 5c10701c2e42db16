import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterwards } from '../support/suite-scope.js';

/** The address of the primary, whichever server that is: what a DNS name or a virtual address does. */
export class SwitchableProxy {
  private server: Server | undefined;
  private port = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private target: URL) {}

  /** It closes after the test, or after the block. */
  static async open(target: string): Promise<SwitchableProxy> {
    const proxy = new SwitchableProxy(new URL(target));
    await proxy.listen();
    afterwards(() => proxy.cut());
    return proxy;
  }

  /** The same database, by this way. */
  get url(): string {
    return Object.assign(new URL(this.target), { host: `127.0.0.1:${this.port}` }).href;
  }

  /** From now on, connections are broken and refused. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** From now on, connections lead to this server. */
  async switchTo(target: string): Promise<void> {
    await this.cut();
    this.target = new URL(target);
    await this.listen();
  }

  private async listen(): Promise<void> {
    this.server = createServer((client) => this.join(client)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    ({ port: this.port } = this.server.address() as AddressInfo);
  }

  private join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    const part = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket.setNoDelay().on('error', part));
      socket.on('close', () => {
        this.sockets.delete(socket);
        part();
      });
    }
    client.pipe(server).pipe(client);
  }
}
