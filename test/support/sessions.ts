import { callbackify } from 'node:util';
import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import expressSession, { type SessionData, Store } from 'express-session';
import type { TestAdapter } from './adapters.js';

type Callback = (error?: unknown) => void;

/** Sessions as a database would have them, for both libraries: as text, and never at once. */
export class SessionStore extends Store {
  readonly rows = new Map<string, string>();
  /** What happens before each statement, chosen by a test: it may wait, or throw. */
  onStatement: (statement: 'set' | 'destroy', row?: string) => unknown = () => undefined;

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    const row = this.rows.get(id);
    setImmediate(callback, null, row === undefined ? null : (JSON.parse(row) as SessionData));
  }

  override set(id: string, session: SessionData, callback: Callback = () => {}): void {
    const row = JSON.stringify(session);
    this.run('set', () => this.rows.set(id, row), callback, row);
  }

  override destroy(id: string, callback: Callback = () => {}): void {
    this.run('destroy', () => this.rows.delete(id), callback);
  }

  /** The sessions, without what they say of their cookie. */
  contents(): Record<string, unknown>[] {
    return [...this.rows.values()].map((row) => {
      const { cookie: _, ...fields } = JSON.parse(row) as Record<string, unknown>;
      return fields;
    });
  }

  private run(statement: 'set' | 'destroy', act: () => unknown, callback: Callback, row?: string): void {
    callbackify(async () => {
      await this.onStatement(statement, row);
      act();
    })(callback);
  }
}

const SECRET = 'a secret of the sessions, for tests only';
const sparing = { resave: false, saveUninitialized: false, rolling: false };

/** Configures an app to have sessions: by express-session or by @fastify/session. */
export const withSessions =
  ({ name }: Pick<TestAdapter, 'name'>, store: SessionStore, options: { saveUninitialized?: boolean } = {}) =>
  async (app: INestApplication): Promise<void> => {
    const settings = { secret: SECRET, ...sparing, ...options, store, cookie: { secure: false, path: '/' } };
    if (name === 'Express') {
      app.use(expressSession(settings));
      return;
    }
    const fastify = app as NestFastifyApplication;
    await fastify.register(fastifyCookie);
    await fastify.register(fastifySession, settings);
  };
