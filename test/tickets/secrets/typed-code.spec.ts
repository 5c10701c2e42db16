import { Controller, Post, UseInterceptors } from '@nestjs/common';
import {
  type CredentialsLike,
  CredentialsError,
  InvitationRequired,
  StampInvitation,
} from 'nestjs-ticketoffice';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalPassword } from '../../../lib/tickets/credentials.js';
import { makeCode, typedCode } from '../../../lib/tickets/secrets/secret.js';
import { ask, authorization, queryOf } from '../../invitations/ask.js';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';

const fullWidth = (code: string): string =>
  code.replace(/[0-9a-z]/gi, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
const grouped =
  (separator: string, size = 4) =>
  (code: string): string =>
    code.match(new RegExp(`.{1,${size}}`, 'g'))!.join(separator);

/** How people type a code, and what phones and copied texts make of it. */
const TYPED: Record<string, (code: string) => string> = {
  'as it is': (code) => code,
  'in groups': grouped(' '),
  'in groups, a blank around it': (code) => ` ${grouped(' ')(code)} `,
  'with hyphens': grouped('-'),
  'with a plus, as a link has a blank': grouped('+'),
  'with no-break blanks': grouped('\u00a0'),
  'with thin and narrow ones': (code) => grouped('\u2009', 2)(grouped('\u202f', 3)(code)),
  'with ideographic ones': grouped('\u3000'),
  'with a tab and a line break': (code) => `${grouped('\t')(code)}\r\n`,
  'with a no-break hyphen': grouped('\u2011'),
  'with dashes': (code) => grouped(' – ', 3)(grouped('—', 5)(code)),
  'with a minus and a soft hyphen': (code) => grouped('\u2212', 3)(grouped('\u00ad', 5)(code)),
  'with what a Japanese keyboard has for a hyphen': (code) => grouped('ー', 3)(grouped('ｰ', 5)(code)),
  'with what nobody sees': (code) => `\ufeff\u200e${grouped('\u200b', 3)(code)}\u2060`,
  'in full width': fullWidth,
  'in capitals': (code) => code.toUpperCase(),
  'with a capital at its start': (code) => code[0]!.toUpperCase() + code.slice(1),
  'in capitals, groups and full width': (code) => fullWidth(grouped(' ')(code.toUpperCase())),
};

describe('A code as it is typed', () => {
  const anyKind = fc.record({
    alphabet: fc.constantFrom('digits', 'letters'),
    length: fc.integer({ min: 1, max: 64 }),
  } as const);

  it.each(Object.entries(TYPED))('[F-16] is the code: %s', (_, type) => {
    const property = fc.property(anyKind, (kind) => {
      const code = makeCode(kind);
      expect(typedCode(canonicalPassword(type(code))!)).toBe(code);
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('[F-16] [G-9] is no other code: no two characters of an alphabet become one', () => {
    for (const alphabet of ['digits', 'letters'] as const) {
      const all = new Set(Array.from({ length: 2000 }, () => makeCode({ alphabet, length: 1 })));
      expect(all.size).toBe({ digits: 10, letters: 23 }[alphabet]);
      expect(new Set([...all].map(typedCode)).size).toBe(all.size);
    }
  });
});

@Controller()
class DoorController {
  @Post('door')
  @InvitationRequired('door', 'enter', { credentials: ['body'] })
  @UseInterceptors(StampInvitation)
  enter() {
    return 'The door is open.';
  }
}

eachAdapter('A code', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    const options = { argon2: { memoryCost: 7168, timeCost: 5, parallelism: 1 } };
    museum = await startApp(adapter, anyDatabase, { controllers: [DoorController], options });
  });

  const issue = async (password: object | string) =>
    (await museum.tickets.issue({ place: 'door', purpose: 'enter', password: password as string }))
      .credentials;

  /** Each way to show it. */
  const WAYS: Record<string, (shown: CredentialsLike) => Promise<unknown>> = {
    body: (shown) => post('/door', { 'Content-Type': 'application/json' }, JSON.stringify({ ...shown })),
    form: (shown) => post('/door', { 'Content-Type': 'application/x-www-form-urlencoded' }, queryOf(shown)),
    header: (shown) => post('/door', authorization(shown)),
    query: (shown) => post(`/door?${queryOf(shown)}`),
    authenticate: (shown) => museum.tickets.authenticate(shown, 'door', 'enter'),
    redeem: (shown) => museum.tickets.redeem(shown, 'door', 'enter', () => undefined),
  };

  async function post(target: string, headers: Record<string, string> = {}, body?: string) {
    const { status } = await ask(museum.app, target, { method: 'POST', headers, body });
    if (status !== 201) throw new CredentialsError();
  }

  it.each([[{ digits: 8 }], [{ letters: 12 }]])(
    '[F-16] of %j opens by what people type, wherever it is shown',
    async (kind) => {
      const ways = Object.entries(WAYS);
      for (const [number, [title, type]] of Object.entries(TYPED).entries()) {
        // A line break can be in no header.
        const possible = ways.filter(([name]) => name !== 'header' || !/tab/.test(title));
        const [, show] = possible[number % possible.length]!;
        const { uuid, password } = await issue(kind);
        await expect(show({ uuid, password: type(password) }), title).resolves.not.toThrow();
      }
    },
  );

  it('[F-16] [G-1] is wrong where a character is, however it is typed, and nothing of it is no code', async () => {
    const { uuid, password } = await issue({ digits: 8 });
    const wrong = password.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    for (const shown of [grouped(' ')(wrong), `${password}0`, password.slice(1), ' - '])
      await expect(WAYS['authenticate']!({ uuid, password: shown })).rejects.toThrow(CredentialsError);
    await WAYS['authenticate']!({ uuid, password });
  });

  it('[F-16] [C-6] is folded where it is a code alone: a human’s password of digits is not', async () => {
    const { uuid } = await issue('12345678');
    for (const shown of ['1234 5678', ' 12345678', '1234-5678', fullWidth('12345678')])
      await expect(WAYS['authenticate']!({ uuid, password: shown })).rejects.toThrow(CredentialsError);
    await WAYS['authenticate']!({ uuid, password: '12345678' });
  });
});
