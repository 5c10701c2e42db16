import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  TicketOfficeConfigurationError,
  TicketOfficeModule,
  type TicketOfficeOptions,
} from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { SECRET } from './support/office.js';

const OTHER = 'another secret, also of more than thirty-two characters';
const page = () => '<p>';

@Module({
  imports: [TypeOrmModule.forRoot({ type: 'better-sqlite3', database: ':memory:', autoLoadEntities: true })],
})
class DatabaseModule {}

/** Boots with options that the compiler would not let through; the error that this ends with, if any. */
async function bootError(options: unknown): Promise<Error | undefined> {
  const office = TicketOfficeModule.forRootAsync({ useFactory: () => options as TicketOfficeOptions });
  try {
    const app = await Test.createTestingModule({ imports: [DatabaseModule, office] }).compile();
    await app.init();
    await app.close();
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

const name = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
    ? `a ${value.constructor.name}`
    : (JSON.stringify(value) ?? String(value));

/** The option; what to write, as the message says it; values that are wrong. */
const WRONG: [keyof TicketOfficeOptions, RegExp, unknown[]][] = [
  [
    'secret',
    /a string of at least 32 characters \(openssl rand -base64 32\), or a list of them/,
    [undefined, null, '', 'short', 'x'.repeat(31), 42, true, {}, Buffer.alloc(32), [], ['']],
  ],
  ['secret', /a string of at least 32 characters/, [[SECRET, 'short'], [SECRET, 42], [undefined]]],
  ['secret', /must not have the same secret twice/, [[SECRET, OTHER, SECRET]]],
  [
    'baseUrl',
    /an http\(s\) URL .*such as 'https:\/\/museum\.example'/,
    [null, 42, '', 'museum.example', '/louvre', 'ftp://museum.example', 'javascript:alert(1)', 'https://'],
  ],
  [
    'baseUrl',
    /without query, hash or user/,
    ['?a=1', '#a', '/?a', '?', '#'].map((end) => `https://museum.example${end}`),
  ],
  ['baseUrl', /without query, hash or user/, ['https://guest@museum.example', 'https://:pw@museum.example']],
  [
    'expiresIn',
    /positive number of milliseconds, a text such as '24h' or '5d', or null/,
    [0, -1, Number.NaN, Infinity, 1e300, '', '5', 'soon', '-5d', '0s', '5 d d', 'd', true, [], new Date()],
  ],
  [
    'parameters',
    /\{ uuid: 'uuid', password: 'password' \} with other names, or one of the two/,
    [null, 42, 'uuid', [], ['u', 'p'], { token: 't' }, new Map()],
  ],
  [
    'parameters',
    /names of the letters a to z, digits, - and _/,
    ['', 'a b', 'a[b]', 'a.b', 'é', 'a&b', 'a%62', 42, null].map((uuid) => ({ uuid })),
  ],
  ['parameters', /differently/, [{ uuid: 'password' }, { password: 'uuid' }, { uuid: 'a', password: 'a' }]],
  [
    'parameters',
    /which has a meaning of its own/,
    ['ticket-uuid', 'ticket-confirmation', '__proto__', 'constructor'].map((password) => ({ password })),
  ],
  ['passwordGenerator', /\(\) => string/, [null, 'I love Paris', 42, {}]],
  ['maxAttempts', /a whole number from 1/, [null, 0, -1, 1.5, Number.NaN, Infinity, '5', true, [5]]],
  [
    'argon2',
    /\{ memoryCost \(KiB\), timeCost, parallelism, concurrency, queue \}/,
    [null, true, 19_456, 'fast', [], new Map()],
  ],
  [
    'argon2',
    /memoryCost \(KiB\), timeCost, parallelism/,
    [{ memory: 19_456 }, { memoryCost: '19456' }, { timeCost: 1.5 }, { timeCost: 0 }, { parallelism: -1 }],
  ],
  [
    'argon2',
    /concurrency is from 1 to 1024/,
    [{ concurrency: 0 }, { concurrency: -1 }, { concurrency: 1025 }],
  ],
  ['argon2', /queue is from 0 to 100000/, [{ queue: -1 }, { queue: 100_001 }]],
  ['argon2', /(concurrency|queue) is a/, [{ concurrency: '3' }, { concurrency: 1.5 }, { queue: Infinity }]],
  [
    'argon2',
    /memoryCost at least 7168/,
    [{ memoryCost: 1024 }, { memoryCost: 7168, timeCost: 4 }, { memoryCost: 7167, timeCost: 100 }],
  ],
  [
    'argon2',
    /memoryCost \(KiB\), timeCost, parallelism/,
    [{ parallelism: 2 ** 32 }, { memoryCost: Infinity }],
  ],
  [
    'pass',
    /false, or \{ store: 'cookie', maxAge: '15m' \}, or the same with store: 'session'/,
    [
      null,
      true,
      'cookie',
      '15m',
      [],
      'session',
      { store: 'redis' },
      { store: ['session'] },
      { store: null },
      { maxage: '15m' },
    ],
  ],
  ['pass', /maxAge: '15m'/, [0, -1, '15', 'soon', null, Infinity].map((maxAge) => ({ maxAge }))],
  [
    'pages',
    /false, or \{ unauthorized, forbidden.* \}/,
    [null, true, 'index.html', page, [], [page], { unauthorised: page }, { forbidden: '<p>' }],
  ],
  ['pass', /maxAge: '15m'.*: 'maxage' is unknown$/, [{ maxage: '15m' }, { store: 'redis', maxage: 1 }]],
  ['pages', /: 'unauthorised' and 'forbiden' are unknown$/, [{ unauthorised: page, forbiden: 1 }]],
  ['parameters', /: 'user' is unknown$/, [{ user: 'a' }]],
  ['confirm', /true or false/, [null, 'yes', 1, {}]],
  ['guest', /\(ticket, request\) => user/, [null, true, 'guest', {}]],
  [
    'abandonedAfter',
    /positive number of milliseconds.* or null/,
    [0, -1, '5', 'soon', Number.NaN, new Date()],
  ],
  ['now', /\(\) => new Date\(\)/, [null, new Date(), 0, '2026-01-01']],
];

describe.each(WRONG)('[M-4] The option %s', (option, advice, values) => {
  it.each(values.map((value) => [name(value), value]))(
    'is refused at boot when it is %s',
    async (_, value) => {
      const error = await bootError({ secret: SECRET, [option]: value });
      expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
      expect(error!.message).toMatch(new RegExp(`\\b${option}\\b`));
      expect(error!.message).toMatch(advice);
      for (const secret of [SECRET, OTHER, 'short']) expect(error!.message).not.toContain(secret);
    },
  );
});

describe('[F-14] The secret', () => {
  it.each<[string, string | string[]]>([
    ['a newline, as a file and a Kubernetes secret have it', `${SECRET}\n`],
    ['a newline of Windows', `${SECRET}\r\n`],
    ['a blank before it', ` ${SECRET}`],
    ['a tab before it', `\t${SECRET}`],
    ['a no-break space', `${SECRET}\u00a0`],
    ['a byte order mark before it', `\ufeff${SECRET}`],
    ['a zero-width space', `${SECRET}\u200b`],
    ['a NUL', `${SECRET}\0`],
    ['a newline, second in a list', [OTHER, `${SECRET}\n`]],
    ['blanks alone', ' '.repeat(40)],
    ['newlines alone', '\n'.repeat(40)],
  ])('is refused at boot with %s', async (_, secret) => {
    const error = await bootError({ secret });
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect(error!.message).toContain('secret must not begin or end with white space');
    expect(error!.message).toContain('write secret.trim()');
    expect(error!.message).not.toContain(SECRET);
  });

  it('may have blanks in it', async () => {
    expect(await bootError({ secret: [SECRET, `${OTHER} and\tmore`] })).toBeUndefined();
  });
});

describe('[M-4] The options', () => {
  it.each([
    ['expires', { expires: '5d' }],
    ['guests', { guests: true }],
    ['__proto__', JSON.parse('{ "__proto__": { "maxAttempts": 9 } }') as object],
    ['Symbol(now)', { [Symbol('now')]: () => new Date() }],
  ])('may not have a key %s, which is unknown', async (key, unknown) => {
    const error = await bootError(
      Object.defineProperties({ secret: SECRET }, Object.getOwnPropertyDescriptors(unknown)),
    );
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect(error!.message).toContain(`'${key}' is unknown: write one of secret, argon2, baseUrl`);
    expect(error!.message).not.toContain(SECRET);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a list', []],
    ['a string', SECRET],
  ])('may not be %s', async (_, options) => {
    const error = await bootError(options);
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect(error!.message).toContain('the options must be an object');
    expect(error!.message).not.toContain(SECRET);
  });

  it('get all their problems at once', async () => {
    const error = await bootError({ secret: 'short', maxAttempts: 0, expires: '5d' });
    for (const fault of ['secret must', 'maxAttempts must', "'expires'"])
      expect(error!.message).toContain(fault);
  });

  it.each<[string, Partial<TicketOfficeOptions>]>([
    ['a secret of 32 characters', { secret: 'x'.repeat(32) }],
    ['two secrets', { secret: [SECRET, OTHER] }],
    ['a baseUrl with a path', { baseUrl: 'http://localhost:3000/app/' }],
    ['tickets for ever', { expiresIn: null }],
    ['durations in words and numbers', { expiresIn: '2 weeks', pass: { maxAge: 60_000 } }],
    ['the least argon2 of OWASP', { argon2: { memoryCost: 7168, timeCost: 5 } }],
    ['its other end', { argon2: { memoryCost: 47_104, timeCost: 1, parallelism: 1 } }],
    ['one hash at a time, and no queue', { argon2: { concurrency: 1, queue: 0 } }],
    ['the fewest and the most attempts', { maxAttempts: 1 }],
    ['passes in cookies', { pass: { store: 'cookie' } }],
    ['passes in the session', { pass: { store: 'session', maxAge: '1h' } }],
    ['no pass and no pages', { pass: false, pages: false }],
    ['pages of one kind', { pages: { forbidden: page } }],
    ['other names for both parameters', { parameters: { uuid: 'ticket', password: 'key' } }],
    ['another name for one', { parameters: { password: 'pass-word_1', uuid: undefined } }],
    ['their names the other way round', { parameters: { uuid: 'password', password: 'uuid' } }],
    ['a clock and a password generator', { now: () => new Date(), passwordGenerator: () => 'word' }],
    ['what is left undefined', { baseUrl: undefined, expiresIn: undefined, argon2: undefined }],
  ])('may be %s', async (_, options) => {
    expect(await bootError({ secret: SECRET, ...options })).toBeUndefined();
  });
});
