import { on, once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { INestApplication, NestHybridApplicationOptions } from '@nestjs/common';
import {
  type ClientProxy,
  ClientProxyFactory,
  type MicroserviceOptions,
  Transport,
} from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { WebSocket } from 'ws';
import { afterwards } from '../support/suite-scope.js';

/** Connects an app with a transport of microservices, as in a hybrid app; returns a client of it. */
export async function connectTcp(
  app: INestApplication,
  hybrid: NestHybridApplicationOptions = {},
): Promise<ClientProxy> {
  const options: MicroserviceOptions = { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } };
  const microservice = app.connectMicroservice<MicroserviceOptions>(options, hybrid);
  await app.startAllMicroservices();
  const { port } = microservice.unwrap<Server>().address() as AddressInfo;
  return clientOf(port);
}

export function clientOf(port: number): ClientProxy {
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
  });
  afterwards(() => client.close());
  return client;
}

export type Outcome = { readonly answer: unknown } | { readonly error: unknown };

/** What a sender gets for a message: an answer, or an error. */
export const send = (client: ClientProxy, pattern: string, data: unknown): Promise<Outcome> =>
  firstValueFrom(client.send<unknown>(pattern, data)).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );

/** A socket of a gateway. */
export async function openSocketAt(app: INestApplication, path: string) {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  afterwards(() => socket.terminate());
  const messages = on(socket, 'message') as AsyncIterableIterator<[Buffer]>;
  await once(socket, 'open');
  const hear = async () => {
    const { value } = (await messages.next()) as { value: [Buffer] };
    return JSON.parse(String(value[0])) as unknown;
  };
  return {
    /** What is answered first, of all that was said before. */
    ask(event: string, data: unknown) {
      socket.send(JSON.stringify({ event, data }));
      return hear();
    },
  };
}
