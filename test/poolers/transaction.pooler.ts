import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterwards } from '../support/suite-scope.js';
import { Frames } from './frames.js';

/** A message of PostgreSQL's protocol begins with its type (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const READY_FOR_QUERY = 'Z';
const TERMINATE = 'X';
/** The transaction status in ReadyForQuery, outside of a transaction. */
const IDLE = 'I';

/** AuthenticationOk, a ParameterStatus that pg waits for, ReadyForQuery: what greets a client. */
const GREETING = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  message('S', Buffer.from('server_version\0v15\0')),
  message('S', Buffer.from('client_encoding\0UTF8\0')),
  message(READY_FOR_QUERY, Buffer.from(IDLE)),
]);

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** One of the few connections to the server. */
interface Backend {
  readonly socket: Socket;
  readonly frames: Frames;
  client: Client | undefined;
}

/** One of the many connections of the app. */
interface Client {
  readonly socket: Socket;
  waiting: Buffer[];
  backend: Backend | undefined;
}

/**
 * Plays a pooler in transaction mode, as PgBouncer before 1.21 is: each client has a connection to the server from its
 * first message to the end of its transaction, and for the next one another. Prepared statements stay on the connections.
 */
export class TransactionPooler {
  private readonly free: Backend[] = [];
  private readonly queue: Client[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (socket: Socket) => this.join(socket));
  }

  /** It closes after the test, or after the block. */
  static async open(target: string, size: number): Promise<TransactionPooler> {
    const server = createServer();
    const pooler = new TransactionPooler(server, new URL(target));
    afterwards(() => pooler.close());
    for (let left = size; left > 0; left -= 1) await pooler.connect();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return pooler;
  }

  /** The same database, by this way. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return Object.assign(new URL(this.target), { host: `127.0.0.1:${port}` }).href;
  }

  private async connect(): Promise<void> {
    const login = new pg.Client({ connectionString: this.target.href });
    await login.connect();
    // pg has logged in, whatever the server asks for; from here on the messages are the clients'.
    const { stream: socket } = (login as unknown as { connection: { stream: Socket } }).connection;
    for (const event of ['data', 'end', 'close', 'error']) socket.removeAllListeners(event);
    this.sockets.add(socket);
    const backend: Backend = { socket, frames: new Frames(), client: undefined };
    socket.on('data', (chunk: Buffer) => this.answer(backend, chunk));
    socket.on('error', () => socket.destroy());
    this.release(backend);
  }

  private join(socket: Socket): void {
    this.sockets.add(socket.setNoDelay());
    const client: Client = { socket, waiting: [], backend: undefined };
    let hasStarted = false;
    const frames = new Frames();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.part(client));
    socket.on('data', (chunk: Buffer) => {
      if (!hasStarted) {
        // A StartupMessage, in one piece.
        hasStarted = true;
        socket.write(GREETING);
        return;
      }
      for (const frame of frames.add(chunk)) if (frame.type !== TERMINATE) this.ask(client, frame.bytes);
    });
  }

  private ask(client: Client, bytes: Buffer): void {
    if (client.backend) return void client.backend.socket.write(bytes);
    client.waiting.push(bytes);
    if (client.waiting.length > 1) return;
    this.queue.push(client);
    this.serve();
  }

  private serve(): void {
    while (this.free.length > 0 && this.queue.length > 0) {
      const [backend, client] = [this.free.shift()!, this.queue.shift()!];
      [backend.client, client.backend] = [client, backend];
      for (const bytes of client.waiting.splice(0)) backend.socket.write(bytes);
    }
  }

  private answer(backend: Backend, chunk: Buffer): void {
    for (const { type, bytes } of backend.frames.add(chunk)) {
      backend.client?.socket.write(bytes);
      if (type === READY_FOR_QUERY && bytes.toString('latin1', 5) === IDLE) this.release(backend);
    }
  }

  private release(backend: Backend): void {
    if (backend.client) backend.client.backend = undefined;
    backend.client = undefined;
    this.free.push(backend);
    this.serve();
  }

  /** As PgBouncer: what a client has left open ends with its connection. */
  private part(client: Client): void {
    this.queue.splice(0, Infinity, ...this.queue.filter((other) => other !== client));
    if (!client.backend) return;
    client.backend.socket.destroy();
    void this.connect().catch(() => undefined);
  }

  private async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
