/** What a stranger sends, besides the path. */
export interface Input {
  readonly query?: string;
  /** Names and values in turn, as they go out. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A kind of input, and whether the bar is for it. */
export interface Kind extends Input {
  readonly title: string;
  readonly isJudged: boolean;
  /** Whether it is in the quick run: what a guard that lists all fields would cost most. */
  readonly isQuick?: boolean;
}

const JSON_TYPE = ['Content-Type', 'application/json'];
const FORM_TYPE = ['Content-Type', 'application/x-www-form-urlencoded'];
const MEGABYTE = 1_000_000;
/** What fits into the 16 KiB that Node.js takes of a request before its body. */
const HEAD = 15_000;
const UUID = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const PASSWORD = `tkt_${'A'.repeat(43)}`;

/** As many copies as fit into so many characters. */
const filled = (size: number, each: string): string => each.repeat(Math.floor(size / each.length));

const objectOf = (count: number, name: (number: number) => string): string =>
  `{${Array.from({ length: count }, (_, number) => `"${name(number)}":0`).join(',')}}`;

const json = (title: string, body: string, isQuick = false): Kind => ({
  title: `${title}, ${(body.length / 1e6).toFixed(1)} MB`,
  // Of a small one, most is the refusal.
  isJudged: body.length > 50_000,
  isQuick,
  headers: JSON_TYPE,
  body,
});

/** One field after another, of the credentials' names or not. */
const KEYS = objectOf(85_000, (number) => `key${number}`);
const NUMBERS = objectOf(100_000, String);

const BODIES: readonly Kind[] = [
  json('array of numbers', `[${filled(MEGABYTE, '0,')}0]`, true),
  json('array of objects', `[${filled(MEGABYTE, '{},')}0]`),
  json('object of many keys', KEYS),
  json('object of numbered keys', NUMBERS),
  json(
    'the same, with credentials',
    NUMBERS.replace('{', `{"uuid":"${UUID}","password":"${PASSWORD}",`),
    true,
  ),
  json('nested arrays', `${'['.repeat(2000)}${']'.repeat(2000)}`),
  json('long text for a password', `{"uuid":"${UUID}","password":"${'x'.repeat(MEGABYTE)}"}`),
  json('small, numbered keys', objectOf(1800, String)),
  {
    title: 'form of 900 fields',
    isJudged: true,
    headers: FORM_TYPE,
    body: Array.from({ length: 900 }, (_, number) => `field${number}=${'x'.repeat(100)}`).join('&'),
  },
];

const HEADS: readonly Kind[] = [
  { title: 'nothing', isJudged: false },
  { title: 'query of 7 500 parameters', isJudged: false, query: filled(HEAD, 'a&') },
  { title: 'query of encoded names', isJudged: false, query: filled(HEAD, '%75&') },
  { title: 'query of our names', isJudged: false, query: filled(HEAD, 'uuid=1&') },
  { title: 'one long parameter', isJudged: false, query: `password=${'x'.repeat(HEAD)}` },
  {
    title: 'many headers',
    isJudged: false,
    headers: Array.from({ length: 1800 }, (_, number) => `h${number}`).flatMap((name) => [name, '']),
  },
  {
    title: 'many Authorization headers',
    isJudged: false,
    headers: Array.from({ length: 500 }, () => ['Authorization', 'Ticket a:b']).flat(),
  },
  { title: 'long Authorization', isJudged: false, headers: ['Authorization', `Ticket${' '.repeat(HEAD)}`] },
  { title: 'Accept of many types', isJudged: false, headers: ['Accept', filled(HEAD, 'a/b;q=0.1,')] },
  { title: 'many cookies', isJudged: false, headers: ['Cookie', filled(HEAD, 'a=b; ')] },
  {
    title: 'cookies that look like ours',
    isJudged: false,
    headers: [
      'Cookie',
      Array.from(
        { length: 120 },
        (_, number) => `ticket-office-${String(number).padStart(16, '0')}=${'A'.repeat(80)}`,
      ).join('; '),
    ],
  },
];

export const KINDS: readonly Kind[] = [...BODIES, ...HEADS];
