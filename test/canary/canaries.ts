/** Secrets that are looked for in everything that an app's operator, a guest or a thief could read. */
export class Canaries {
  readonly #spellings = new Map<string, string>();

  /** @param name what to call it where it is found: its own text is to be seen nowhere */
  keep(name: string, secret: string): string {
    for (const spelling of spellingsOf(secret)) this.#spellings.set(spelling, name);
    return secret;
  }

  /** The names of those that a text gives away. */
  findIn(text: string): string[] {
    const layers = [text, ...decoded(text)].join('\n');
    const found = [...this.#spellings].filter(([spelling]) => layers.includes(spelling));
    return [...new Set(found.map(([, name]) => name))];
  }
}

/** As it is, as part of a URL or a form, escaped in JSON, and the characters of its bytes. */
const spellingsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams({ secret }).toString().slice('secret='.length),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret, 'utf8').toString('latin1'),
];

/** What is in a text as base64, also as a part of it (`Authorization: Basic`), as hex, or as the print of a Buffer. */
function decoded(text: string): string[] {
  const bytes = [
    ...matches(text, /[\w+/-]{16,}={0,2}/g).map((token) => Buffer.from(token, 'base64')),
    ...matches(text, /(?:[\da-f]{2}){8,}/gi).map((token) => Buffer.from(token, 'hex')),
    ...matches(text, /[\da-f]{2}(?: [\da-f]{2}){7,}/gi).map((token) =>
      Buffer.from(token.replaceAll(' ', ''), 'hex'),
    ),
    ...matches(text, /\d{1,3}(?:, ?\s*\d{1,3}){7,}/g).map((token) =>
      Buffer.from(token.split(',').map(Number)),
    ),
  ];
  return bytes.map((buffer) => buffer.toString('latin1'));
}

const matches = (text: string, pattern: RegExp): string[] => text.match(pattern) ?? [];
