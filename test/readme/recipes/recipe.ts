import type { INestApplication, Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { TypeOrmModule } from '@nestjs/typeorm';
import { expect } from 'vitest';
import { addressThrottle } from '../../../sample-app/site/address-throttle.js';
import { cookieOf, follow } from '../../invitations/ask.js';
import { request, type TestAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum, type MuseumParts, startApp } from '../../support/app.js';
import { LogIn } from './log-in.js';
import { Mail } from './mail.js';

interface RecipeParts extends MuseumParts {
  entities?: Type[];
}

/** An app with a log-in, mail and a throttler, and the tables of a recipe. */
export async function startRecipe(
  adapter: TestAdapter,
  { entities = [], imports = [], providers = [], ...parts }: RecipeParts,
  database: Parameters<typeof startApp>[1] = anyDatabase,
): Promise<Museum & { mail: Mail }> {
  const museum = await startApp(adapter, database, {
    ...parts,
    imports: [
      TypeOrmModule.forFeature(entities),
      ThrottlerModule.forRoot(addressThrottle(1000, 60_000)),
      ...imports,
    ],
    providers: [
      Mail,
      { provide: APP_GUARD, useClass: LogIn },
      { provide: APP_GUARD, useClass: ThrottlerGuard },
      ...providers,
    ],
  });
  await museum.dataSource.synchronize();
  return { ...museum, mail: museum.app.get(Mail) };
}

/** The link in a mail. */
export const linkIn = (text: string): string => /http:\S+/.exec(text)![0];

/** What a browser has, once it has opened a link. */
export interface Opened {
  readonly location: string;
  readonly cookie: string;
}

/** Opens a link as a browser does; with the cookies that it has already. */
export async function open(app: INestApplication, link: string, cookie = ''): Promise<Opened> {
  const { pathname, search } = new URL(link);
  const opened = await request(app)
    .get(pathname + search)
    .set('Cookie', cookie);
  expect(opened.status).toBe(303);
  const answer = opened as unknown as Parameters<typeof cookieOf>[0];
  const cookies = [cookie, cookieOf(answer)].filter((part) => part !== '');
  return { location: follow(pathname, opened.headers.location!), cookie: cookies.join('; ') };
}

/** How twenty requests that are sent at once are answered. */
export async function twentyAtOnce(send: () => PromiseLike<{ status: number }>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: 20 }, () => send()));
  return answers.map(({ status }) => status);
}

/** Expects one success among them; the others find the ticket busy, or used. */
export function expectOne(statuses: readonly number[], success: number): void {
  expect(statuses.filter((status) => status === success)).toHaveLength(1);
  const others = new Set(statuses.filter((status) => status !== success));
  expect([...others].filter((status) => status !== 403 && status !== 409)).toEqual([]);
}
