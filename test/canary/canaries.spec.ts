import { describe, expect, it } from 'vitest';
import { CredentialsError, TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { redactedUrl } from '../../sample-app/site/redacted-url.js';
import { Canaries } from './canaries.js';
import { Witness } from './witness.js';

const SECRET = 'tkt_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE';
const HUMAN = 'I love Paris, ç’est “la canari”; & 100 %';

const withProperty = (descriptor: PropertyDescriptor, name: PropertyKey = 'hidden') =>
  Object.defineProperty(new CredentialsError(), name, descriptor);

/** Where a secret can hide. */
const HIDING_PLACES: Record<string, (secret: string) => unknown> = {
  'a sentence': (secret) => `The password ${secret} is wrong`,
  'an address': (secret) => `GET /louvre?${new URLSearchParams({ password: secret }).toString()}`,
  'a path': (secret) => `GET /louvre/${encodeURIComponent(secret)}`,
  JSON: (secret) => JSON.stringify({ secret }),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'basic credentials': (secret) => `Basic ${Buffer.from(`guest:${secret}`).toString('base64')}`,
  'base64 for URLs': (secret) => `a.${Buffer.from(secret).toString('base64url')}.b`,
  hex: (secret) => Buffer.from(secret).toString('hex'),
  'a Buffer': (secret) => ({ parameters: [Buffer.from(secret)] }),
  'a Buffer in JSON': (secret) => JSON.stringify({ parameters: [Buffer.from(secret)] }),
  'the bytes of a file': (secret) => Buffer.from(`x${secret}y`).toString('latin1'),
  'an error’s message': (secret) => new Error(secret),
  'an error’s cause': (secret) => new TicketOfficeBusyError({ cause: new Error(secret) }),
  'the cause of a cause': (secret) => new Error('a', { cause: new Error('b', { cause: { secret } }) }),
  'one of several errors': (secret) => new AggregateError([new Error('a'), new Error(secret)]),
  'a property of an error': (secret) => withProperty({ value: secret, enumerable: true }),
  'a hidden property of an error': (secret) => withProperty({ value: secret }),
  'a symbol’s property': (secret) => withProperty({ value: secret }, Symbol('hidden')),
  'a getter': (secret) => withProperty({ get: () => secret }),
  'a name': (secret) => ({ [secret]: true }),
  'a Map': (secret) => new Map([[1, new Map([[secret, 2]])]]),
  'a Set of lists': (secret) => new Set([[[secret]]]),
  'an object that does not print itself': (secret) =>
    Object.assign(
      Object.create({ [Symbol.for('nodejs.util.inspect.custom')]: () => '[redacted]' }) as object,
      {
        deep: { secret },
      },
    ),
  'what an object becomes as JSON': (secret) => ({ toJSON: () => ({ secret }) }),
  'what an object becomes as text': (secret) => ({ toString: () => secret }),
};

describe('A canary', () => {
  describe.each(Object.entries({ generated: SECRET, human: HUMAN }))('that is %s', (name, secret) => {
    it.each(Object.entries(HIDING_PLACES))('[ST-3] is found in %s', (_, hide) => {
      const canaries = new Canaries();
      canaries.keep(name, secret);
      const witness = new Witness();
      witness.note('log', hide(secret));
      expect(witness.leaks(canaries)).toEqual([expect.stringContaining(`log gives ${name} away`)]);
    });

    it('[ST-3] is not found where another is', () => {
      const canaries = new Canaries();
      canaries.keep(name, secret);
      const witness = new Witness();
      for (const hide of Object.values(HIDING_PLACES)) witness.note('log', hide(`${secret.slice(0, -1)}~`));
      expect(witness.leaks(canaries)).toEqual([]);
    });

    it('[ST-3] is not in the address that an access log keeps', () => {
      const link = `/louvre?uuid=1&${new URLSearchParams({ password: secret }).toString()}&page=2`;
      expect(redactedUrl(link)).toBe('/louvre?uuid=1&password=[redacted]&page=2');
    });
  });
});
