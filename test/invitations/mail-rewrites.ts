type Rewrite = (link: string) => string;

/** Changes the query of a link, and leaves the rest of it. */
const inQuery =
  (change: Rewrite): Rewrite =>
  (link) => {
    const [, before, query, fragment] = /^([^?#]*)\?([^#]*)(#.*)?$/s.exec(link)!;
    return `${before}?${change(query!)}${fragment ?? ''}`;
  };

/** Changes the values of its parameters. */
const inValues = (change: Rewrite): Rewrite =>
  inQuery((query) => query.replace(/=([^&]*)/g, (_, value: string) => `=${change(value)}`));

const hexOf = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** What a plain query may hold as it is, so that some programs take its escapes off. */
const HARMLESS = /%(?:2D|2E|5F|7E|21|27|28|29|2A|2C|3A|40|2F|3F|24)/gi;

/** The spellings that mail programs, gateways and plain-text parts make of a link: all of them are the same link. */
export const MAIL_REWRITES: Record<string, Rewrite> = {
  'the & of HTML in plain text': inQuery((query) => query.replaceAll('&', '&amp;')),
  'the same, its semicolon encoded': inQuery((query) => query.replaceAll('&', '&amp%3B')),
  'a plus without its escape': inQuery((query) => query.replace(/%2b/gi, '+')),
  'a blank as a plus': inQuery((query) => query.replaceAll('%20', '+')),
  'a plus as a blank': inQuery((query) => query.replaceAll('+', '%20')),
  'escapes in lower case': inQuery((query) => query.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
  'escapes in upper case': inQuery((query) => query.replace(/%[0-9a-f]{2}/g, (code) => code.toUpperCase())),
  'letters and digits escaped': inValues((value) =>
    value.replace(/%[0-9a-f]{2}|[a-z0-9]/gi, (part) => (part.startsWith('%') ? part : hexOf(part))),
  ),
  'harmless characters without their escapes': inValues((value) =>
    value.replace(HARMLESS, decodeURIComponent),
  ),
  'a parameter added at the end': inQuery((query) => `${query}&utm_source=mail&utm_campaign=a+b`),
  'a parameter added in front': inQuery((query) => `fbclid=x-1&${query}`),
  'a fragment': (link) => (link.includes('#') ? link : `${link}#room-6`),
};
