const REDACTED = '[redacted]';
/** A generated secret by its prefix, a human's by its parameter, nested spellings (`password[]`) included. */
const SECRET = /tkt_|password[=[]/i;
/** A link within a link within a link: what is encoded more often is not looked into, and not shown. */
const MOST_DECODINGS = 3;
/** Longest URL that is logged, in characters. */
const LONGEST = 500;

/** A request's URL for a log: without secrets, in printable ASCII that cannot forge a line, and cut. */
export function redactedUrl(url: string): string {
  const [path = '', ...query] = url.split('?');
  const pairs = query.length > 0 ? query.join('?').split('&').map(redactedPair) : [];
  const text = redactedPath(path) + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
  const printable = text.replace(/[^!-~]/gu, (character) => encodeURIComponent(character.toWellFormed()));
  return printable.length > LONGEST ? `${printable.slice(0, LONGEST)}…` : printable;
}

function redactedPair(pair: string): string {
  if (!holdsSecret(pair)) return pair;
  const [name = ''] = pair.split('=');
  return holdsSecret(name) ? REDACTED : `${name}=${REDACTED}`;
}

/** Ends at the first secret: a link whose `?` was encoded on its way has all of it in its path. */
function redactedPath(path: string): string {
  const segments = path.split('/');
  const first = segments.findIndex(holdsSecret);
  return first < 0 ? path : [...segments.slice(0, first), REDACTED].join('/');
}

function holdsSecret(text: string, decodings = 0): boolean {
  if (SECRET.test(text)) return true;
  // Byte by byte, unlike decodeURIComponent, which throws at a stray %: the secrets' marks are ASCII.
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return decoded !== text && (decodings === MOST_DECODINGS || holdsSecret(decoded, decodings + 1));
}
