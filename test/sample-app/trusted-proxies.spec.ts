import { describe, expect, it } from 'vitest';
import { trustedProxies } from '../../sample-app/trusted-proxies.js';

describe('The proxies that the sample app trusts', () => {
  it.each([
    ['', false],
    ['1', 1],
    ['loopback', ['loopback']],
    ['10.0.0.0/8, 2001:db8::/32, ::1, 192.0.2.1', ['10.0.0.0/8', '2001:db8::/32', '::1', '192.0.2.1']],
  ])('are, by %j, %j', (text, proxies) => {
    expect(trustedProxies(text)).toEqual(proxies);
  });

  it.each([
    'true',
    '0',
    '-1',
    '10',
    '1.5',
    'everybody',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '::1/129',
    'loopback,',
  ])('cannot be %j: everybody, or no real address', (text) => {
    expect(() => trustedProxies(text)).toThrow(/TRUST_PROXY must be/);
  });
});
