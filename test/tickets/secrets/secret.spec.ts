import { describe, expect, it } from 'vitest';
import { generateSecret, isGeneratedSecret } from '../../../lib/tickets/secrets/secret.js';

describe('A generated secret', () => {
  it('is tkt_ and 32 bytes of base64url, never the same twice', () => {
    const secrets = Array.from({ length: 100 }, generateSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) {
      expect(secret.slice(0, 4)).toBe('tkt_');
      expect(Buffer.from(secret.slice(4), 'base64url')).toHaveLength(32);
      expect(secret).toHaveLength(47);
      expect(isGeneratedSecret(secret)).toBe(true);
    }
  });

  const DIGITS = 'AZaz09-_'.padEnd(43, 'x');

  it.each([
    ['one character less', `tkt_${DIGITS.slice(1)}`],
    ['one character more', `tkt_${DIGITS}x`],
    ['something before', ` tkt_${DIGITS}`],
    ['something after', `tkt_${DIGITS} `],
    ['a line after', `tkt_${DIGITS}\n`],
    ['a line before', `\ntkt_${DIGITS}`],
    ['no prefix', DIGITS.padEnd(47, 'x')],
    ['another prefix', `TKT_${DIGITS}`],
    ['base64', `tkt_${DIGITS.replace('-', '+')}`],
    ['padding', `tkt_${DIGITS.slice(1)}=`],
    ['a letter of another alphabet', `tkt_${DIGITS.replace('a', 'а')}`],
  ])('has no other shape: %s', (_, secret) => {
    expect(isGeneratedSecret(`tkt_${DIGITS}`)).toBe(true);
    expect(isGeneratedSecret(secret)).toBe(false);
  });
});
