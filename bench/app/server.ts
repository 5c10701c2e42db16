import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startApp } from './app.js';
import type { Kind, Start } from './kinds.js';

// A process of its own: `node server.js with|without`. Sends its parent the port, and on request what its start took.
const kind = process.argv[2] as Kind;
const begin = performance.now();
const office = kind === 'with' ? await import('nestjs-ticketoffice') : undefined;
const loaded = performance.now();
const app = await startApp(office);
const start: Start = { loading: loaded - begin, starting: performance.now() - loaded };
process.send!(((app.getHttpServer() as Server).address() as AddressInfo).port);
process.on('message', () => process.send!(start));
process.once('disconnect', () => void app.close());
