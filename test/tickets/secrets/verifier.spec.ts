import { beforeAll, describe, expect, it } from 'vitest';
import { Keyring } from '../../../lib/tickets/secrets/keyring.js';
import { generateSecret } from '../../../lib/tickets/secrets/secret.js';
import type { SecretScope } from '../../../lib/tickets/secrets/verifier.js';
import { VERIFIER_LENGTH } from '../../../lib/tickets/ticket.table.js';
import { COST, SCOPE, verifiersOf } from './verifiers.js';

const OLD = 'the old secret, of more than thirty-two characters';
const NEW = 'the new secret, of more than thirty-two characters';

const verifiers = (...secrets: string[]) => verifiersOf(secrets);

const KINDS: [string, string, RegExp][] = [
  ['generated secret', generateSecret(), /^hmac-sha256\$[\w-]{8}\$[\w-]{43}$/],
  [
    'human password',
    'I love Paris',
    /^argon2id\$[\w-]{8}\$\$argon2id\$v=19\$(m=7168|t=5|p=1|,){5}\$[^$]+\$[^$]+$/,
  ],
];

describe.each(KINDS)('The verifier of a %s', (_, secret, format) => {
  let verifier: string;
  beforeAll(async () => {
    verifier = await verifiers(OLD).make(secret, SCOPE);
  });

  it('says how it was made, and fits its column', () => {
    expect(verifier).toMatch(format);
    expect(verifier.length).toBeLessThanOrEqual(VERIFIER_LENGTH);
    expect(verifier).not.toContain(secret);
  });

  it('opens to its own secret only', async () => {
    expect(await verifiers(OLD).opens(secret, SCOPE, verifier)).toBe(true);
    for (const wrong of [generateSecret(), 'I love paris', 'I love Paris ', verifier]) {
      expect(await verifiers(OLD).opens(wrong, SCOPE, verifier)).toBe(false);
    }
  });

  it.each<[string, Partial<SecretScope>]>([
    ['uuid', { uuid: 'v' }],
    ['place', { place: 'A' }],
    ['purpose', { purpose: 'b:C' }],
    ['generation', { generation: 2 }],
    ['border between place and purpose', { place: 'a:b', purpose: 'c' }],
  ])('[C-9] opens nothing under another %s', async (_other, change) => {
    expect(await verifiers(OLD).opens(secret, { ...SCOPE, ...change }, verifier)).toBe(false);
  });

  it('[S-11] still opens when a new secret comes first', async () => {
    expect(await verifiers(NEW, OLD).opens(secret, SCOPE, verifier)).toBe(true);
    const newer = await verifiers(NEW, OLD).make(secret, SCOPE);
    expect(await verifiers(NEW).opens(secret, SCOPE, newer)).toBe(true);
  });

  it('[S-11] opens no more when its secret is removed', async () => {
    expect(await verifiers(NEW).opens(secret, SCOPE, verifier)).toBe(false);
  });

  it('[ST-14] opens nothing when its key is renamed to one that is known', async () => {
    const [, id] = verifier.split('$');
    const { id: newId } = new Keyring([NEW]).current('id');
    const moved = verifier.replace(id!, newId);
    expect(moved).not.toBe(verifier);
    expect(await verifiers(NEW, OLD).opens(secret, SCOPE, moved)).toBe(false);
  });

  it('[C-8] opens nothing when it is damaged anywhere', async () => {
    const damaged = [
      verifier.slice(0, -1),
      verifier.slice(1),
      verifier.slice(0, 20),
      `${verifier}A`,
      `${verifier}\n`,
      verifier.toUpperCase(),
      verifier.replace('$', '$$$'),
      ` ${verifier}`,
      verifier.replaceAll('$', ':'),
      '',
      '$',
      '$$',
      '$$$$$$',
      'garbage',
      secret,
      undefined,
    ];
    for (const one of damaged) expect(await verifiers(OLD).opens(secret, SCOPE, one)).toBe(false);
  });

  it('[C-8] opens nothing under the scheme of the other kind', async () => {
    const { id } = new Keyring([OLD]).current('id');
    for (const scheme of ['hmac-sha256', 'argon2id']) {
      for (const digest of ['', '$', 'notaphc', '$argon2id$', '$argon2id$v=19$m=8,t=1,p=1$$', '\0']) {
        expect(await verifiers(OLD).opens(secret, SCOPE, `${scheme}$${id}$${digest}`)).toBe(false);
      }
    }
  });
});

it('salts a human password, so that equal ones do not show', async () => {
  const [one, other] = [await verifiers(OLD).make('Paris', SCOPE), await verifiers(OLD).make('Paris', SCOPE)];
  expect(one).not.toBe(other);
});

it('[ST-14] needs the secret of the app, and not only argon2, to make the verifier of a human password', async () => {
  const { hash, argon2id } = await import('argon2');
  const { id } = new Keyring([OLD]).current('id');
  const unkeyed = await hash('I love Paris', { ...COST, type: argon2id });
  expect(await verifiers(OLD).opens('I love Paris', SCOPE, `argon2id$${id}$${unkeyed}`)).toBe(false);
});

it.each(['m=7,t=5,p=1', 'm=7168,t=0,p=1', 'm=7168,t=5,p=0', 'm=127,t=5,p=16', 'm=0,p=0,t=0'])(
  '[C-8] opens nothing, and fails at nothing, at a cost that argon2 refuses: %s',
  async (cost) => {
    const verifier = await verifiers(OLD).make('Paris', SCOPE);
    const garbled = verifier.replace(/\$(m|t|p)=[^$]*\$/, () => `$${cost}$`);
    expect(garbled).toContain(cost);
    expect(await verifiers(OLD).check('Paris', SCOPE, garbled)).toBe('unreadable');
  },
);

it('keeps opening a password hashed at another cost', async () => {
  const dearer = verifiersOf([OLD], { ...COST, memoryCost: 8192 });
  expect(await verifiers(OLD).opens('Paris', SCOPE, await dearer.make('Paris', SCOPE))).toBe(true);
});
