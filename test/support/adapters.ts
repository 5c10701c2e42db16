import type {
  DynamicModule,
  INestApplication,
  INestApplicationContext,
  LoggerService,
  ModuleMetadata,
  Type,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TicketOfficeConfigurationError } from 'nestjs-ticketoffice';
import supertest from 'supertest';
import { describe } from 'vitest';
import { afterwards, ownResources } from './suite-scope.js';
import { isAtLeast } from './versions.js';

/** One of the two HTTP platforms of Nest. */
export interface TestAdapter {
  readonly name: 'Express' | 'Fastify';
  create(): ExpressAdapter | FastifyAdapter;
}

// Connections that a client keeps alive would otherwise hold up the end of a test.
const forceCloseConnections = true;

const adapters: readonly TestAdapter[] = [
  { name: 'Express', create: () => new ExpressAdapter() },
  { name: 'Fastify', create: () => new FastifyAdapter({ forceCloseConnections }) },
];

export const adapterNamed = (wanted: TestAdapter['name']): TestAdapter =>
  adapters.find(({ name }) => name === wanted)!;

/** A describe on Express and one on Fastify. */
export function eachAdapter(title: string, body: (adapter: TestAdapter) => void): void {
  for (const adapter of adapters) {
    describe(`${title} on ${adapter.name}`, () => {
      ownResources();
      body(adapter);
    });
  }
}

export interface StartOptions {
  /** Configures the app before it starts: pipes, cookies, a view engine. */
  before?: (app: INestApplication) => unknown;
  /** @default false */
  logger?: LoggerService | false;
}

/** Starts an app on a free port; it closes after the test, or after the block when made in its beforeAll. */
export async function startNestApp(
  adapter: TestAdapter,
  root: Type | DynamicModule | ModuleMetadata,
  { before, logger = false }: StartOptions = {},
): Promise<INestApplication> {
  const isModule = typeof root === 'function' || 'module' in root;
  const testing = await Test.createTestingModule(isModule ? { imports: [root] } : root).compile();
  const app = testing.createNestApplication(adapter.create(), {
    logger,
    forceCloseConnections,
  });
  // Before it starts, so that what a failed start has opened is closed as well.
  afterwards(() => closeApp(app));
  // Before 11.1.6, Fastify takes middleware only after this.
  if (!isAtLeast('11.1.6', '@nestjs/core')) await app.getHttpAdapter().init?.();
  await before?.(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

/** Closes an app, also one whose boot has failed: on Nest 11, `close()` rejects once more with its error. */
export async function closeApp(app: INestApplicationContext): Promise<void> {
  await app.close().catch((error: unknown) => {
    if (!(error instanceof TicketOfficeConfigurationError)) throw error;
  });
}

/** Sends a request to a started app, and does not follow redirects. */
export function request(app: INestApplication) {
  return supertest(app.getHttpServer());
}
