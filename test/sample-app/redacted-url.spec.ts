import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parametersOf } from '../../lib/invitations/request-target.js';
import { redactedUrl } from '../../sample-app/site/redacted-url.js';

const SECRET = `tkt_${'x'.repeat(43)}`;

describe('A URL in the access log', () => {
  it.each([
    ['/'],
    ['/louvre?utm_source=mail&page=2&page=3&empty=&none'],
    ['/account/password'],
    ['/account/password?'],
    ['/tickets/0192d3a0-0000-7000-8000-000000000000/revoke?q=100%25&odd=%zz'],
    ['/?password&passwords'],
  ])('keeps %s as it is', (url) => {
    expect(redactedUrl(url)).toBe(url);
  });

  it.each([
    [`/louvre?uuid=1&password=${SECRET}&page=2`, '/louvre?uuid=1&password=[redacted]&page=2'],
    [`/louvre?token=${SECRET}`, '/louvre?token=[redacted]'],
    [`/louvre?${SECRET}`, '/louvre?[redacted]'],
    [`/louvre?${SECRET}=1`, '/louvre?[redacted]'],
    [`/file/${SECRET}/name?page=2`, '/file/[redacted]?page=2'],
    [`/louvre?token=tkt%5F${'x'.repeat(43)}`, '/louvre?token=[redacted]'],
    [`/louvre?token=%74%6b%74%5f${'x'.repeat(43)}`, '/louvre?token=[redacted]'],
    [`/louvre?token=tkt%255F${'x'.repeat(43)}`, '/louvre?token=[redacted]'],
    [`/louvre#${SECRET}`, '/[redacted]'],
  ])('does not show the generated secret of %s', (url, redacted) => {
    expect(redactedUrl(url)).toBe(redacted);
  });

  it.each([
    ['/louvre?password=Paris&uuid=1', '/louvre?password=[redacted]&uuid=1'],
    ['/louvre?password=Paris&password=Paris', '/louvre?password=[redacted]&password=[redacted]'],
    ['/louvre?password==Paris', '/louvre?password=[redacted]'],
    ['/louvre?password=Pa?ris/Pa=ris;Paris', '/louvre?password=[redacted]'],
    ['/louvre?%70assword=Paris', '/louvre?%70assword=[redacted]'],
    ['/louvre?p%61ss%77ord=Paris&odd=%zz', '/louvre?p%61ss%77ord=[redacted]&odd=%zz'],
    ['/louvre?PassWord=Paris', '/louvre?PassWord=[redacted]'],
    ['/louvre?password[]=Paris&password%5Bx%5D=Paris', '/louvre?[redacted]&[redacted]'],
    ['/louvre?amp;password=Paris', '/louvre?amp;password=[redacted]'],
    ['/louvre??password=Paris', '/louvre??password=[redacted]'],
    ['/louvre#?password=Paris', '/louvre#?password=[redacted]'],
    ['/louvre?password%3DParis', '/louvre?[redacted]'],
    ['/louvre%3Fuuid=1&password=Paris', '/[redacted]'],
    ['/louvre%3Fpassword=Pa/ris', '/[redacted]'],
    ['/go?to=%2Flouvre%3Fuuid%3D1%26password%3DParis&page=2', '/go?to=[redacted]&page=2'],
    ['/go?to=%252Flouvre%253Fpassword%253DParis', '/go?to=[redacted]'],
    ['/louvre?a=%252525252570assword%3DParis', '/louvre?a=[redacted]'],
  ])("does not show the human's password of %s", (url, redacted) => {
    expect(redactedUrl(url)).toBe(redacted);
  });

  it('shows no value that the library reads as a password, however its name is encoded', () => {
    const code = (character: string) => character.charCodeAt(0).toString(16);
    const spelling = (character: string) =>
      fc.constantFrom(character, `%${code(character)}`, `%${code(character).toUpperCase()}`);
    const name = fc.tuple(...'password'.split('').map(spelling)).map((characters) => characters.join(''));
    const noise = fc.array(fc.constantFrom('&', '=', '?', '#', '/', ';', '%', '+', 'a', '%26', '%3d'));
    const query = fc
      .tuple(noise, name, noise)
      .map(([before, spelled, after]) => [...before, '&', spelled, '=Paris', ...after].join(''));
    fc.assert(
      fc.property(query, (text) => {
        const read = parametersOf(text).filter(([parameter]) => parameter === 'password');
        expect(read.join()).toContain('Paris');
        expect(redactedUrl(`/louvre?${text}`)).not.toContain('Paris');
      }),
    );
  });

  it('[D-5] is printable ASCII on one line, whatever was sent', () => {
    const url = '/a\r\nGET /forged 200\u001b[31m\u009b31m\u2028\u202e\u0000é\ud800%0d%0a%1b';
    expect(redactedUrl(url)).toBe(
      '/a%0D%0AGET%20/forged%20200%1B[31m%C2%9B31m%E2%80%A8%E2%80%AE%00%C3%A9%EF%BF%BD%0d%0a%1b',
    );
  });

  it('[D-5] is truncated after 500 characters, and processed fast however long it is', () => {
    const redacted = redactedUrl(`/?${'password%25'.repeat(100_000)}&password=Paris`);
    expect(redacted).toMatch(/^\/\?.{0,498}…?$/);
    expect(redacted).not.toContain('Paris');
    expect(redactedUrl(`/${'a'.repeat(499)}`)).toBe(`/${'a'.repeat(499)}`);
    expect(redactedUrl(`/${'a'.repeat(500)}`)).toBe(`/${'a'.repeat(499)}…`);
  });
});
