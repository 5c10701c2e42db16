import { describe, expect, it } from 'vitest';
import { cleanLocation as withoutUnwanted } from '../../lib/invitations/request-target.js';
import { DEFAULT_PARAMETERS, isCredential } from '../../lib/tickets/credential.parameters.js';

const shown = 'uuid=01890000-0000-7000-8000-000000000000&password=I+love+Paris';

const cleanLocation = (target: string) =>
  withoutUnwanted(target, (name) => isCredential(name, DEFAULT_PARAMETERS));

describe('the address that a guest is led on to', () => {
  it.each([
    ['/louvre', './louvre'],
    [`/louvre?${shown}`, './louvre'],
    [`/louvre?${shown}&a=1`, './louvre?a=1'],
    [`/louvre?a=1&${shown}`, './louvre?a=1'],
    ['/louvre?z=1&uuid=1&a=2&password=2&z=3', './louvre?z=1&a=2&z=3'],
    [`/museum/louvre?${shown}&a=/b/c`, './louvre?a=/b/c'],
    [`/?${shown}`, '?'],
    [`/room/?${shown}&page=2`, '?page=2'],
  ])('[L-2] of %s is %s', (target, clean) => {
    expect(cleanLocation(target)).toBe(clean);
  });

  it.each([
    'a=1&a=2&a=1',
    'a=&b&=c&=&&',
    'q=a+b%20c%2Bd',
    'q=%C3%A9&%E9=%ZZ&%',
    'q=é&r="quoted"&s=<b>',
    'next=https://evil.example/?uuid',
    'next=%2F%2Fevil.example%3Fuuid%3D1%26password%3D2',
    'UUID=1&Password=2&uuids=3&user.uuid=4&a[uuid]=5&xpassword=6',
    'a=1?b=2?c=3',
    'a=1;b=2;uuid=3',
    '?uuid=1&?password=2',
  ])('[L-2] keeps other parameters to the letter and in order: %s', (others) => {
    expect(cleanLocation(`/louvre?a=0&${others}&${shown}`)).toBe(`./louvre?a=0&${others}`);
    expect(cleanLocation(`/louvre?a=0&${shown}&${others}`)).toBe(`./louvre?a=0&${others}`);
  });

  it.each(['uuid', '%75uid', 'uui%64', 'uuid[x]', 'uuid%5B%5D', 'password', 'p%61ssword', 'password[]'])(
    'has no %s, however it is spelled',
    (name) => {
      expect(cleanLocation(`/louvre?a=1&${name}=2&b=3`)).toBe('./louvre?a=1&b=3');
      expect(cleanLocation(`/louvre?${name}`)).toBe('./louvre');
      expect(cleanLocation(`/louvre?a=1&${name}#map`)).toBe('./louvre?a=1');
    },
  );

  it.each([
    ['/a/../b', './b'],
    ['/%6couvre', './%6couvre'],
    ['/a//b', './b'],
    ['/%2F%2Fevil.example', './%2F%2Fevil.example'],
    ['/%5Cevil.example', './%5Cevil.example'],
    ['/é;x=1', './é;x=1'],
    ['/javascript:alert(1)', './javascript:alert(1)'],
    ['/https://evil.example', './evil.example'],
    ['/...', './...'],
    ['/a/..b', './..b'],
  ])('keeps the last part of the path to the letter: %s', (path, kept) => {
    expect(cleanLocation(`${path}?${shown}`)).toBe(kept);
  });

  it.each(['/.', '/..', '/room/..', '/%2e', '/.%2E', '/%2e.', '/room/%2e%2E', '/..#map'])(
    '[F-2] climbs to no folder above for %s',
    (path) => {
      expect(cleanLocation(`${path}?${shown}`)).toBe('?');
      expect(cleanLocation(`${path}?${shown}&page=2`)).toBe('?page=2');
    },
  );

  it.each([
    '//evil.example/louvre',
    '///evil.example',
    '/\\evil.example',
    '/\\/evil.example',
    '\\\\evil.example',
    '/louvre\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/louvre\r\nSet-Cookie: a=b',
    '/louvre\0',
    '/louvre\u0085',
    'http://evil.example/louvre',
    'HTTP:/evil.example',
    'javascript:alert(1)',
    'louvre',
    '',
    '*',
    '?a=1',
  ])('[L-1] is none for %j', (target) => {
    expect(cleanLocation(target)).toBeUndefined();
    expect(cleanLocation(`${target}?${shown}`)).toBeUndefined();
  });

  it('[L-1] is none where a parameter holds what no URL has', () => {
    expect(cleanLocation(`/louvre?${shown}&a=\r\nSet-Cookie: a=b`)).toBeUndefined();
    expect(cleanLocation(`/louvre?${shown}&a=\\`)).toBeUndefined();
  });
});
