const REDACTED = '[redacted]';
/** A generated secret by its prefix, a human's password by its parameter, `password[]` included. */
const SECRET = /tkt_|password[=[]/i;
/** A link within a link within a link. What is encoded more often is redacted unread. */
const MAX_DECODINGS = 3;
/** In characters. */
const MAX_LENGTH = 500;

/** A request's URL for a log: without secrets, in printable ASCII so that it cannot forge a line, and truncated. */
export function redactedUrl(url: string): string {
  const [path = '', ...query] = url.split('?');
  const pairs = query.length > 0 ? query.join('?').split('&').map(redactedPair) : [];
  const text = redactedPath(path) + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
  const printable = text.replace(/[^!-~]/gu, (character) => encodeURIComponent(character.toWellFormed()));
  return printable.length > MAX_LENGTH ? `${printable.slice(0, MAX_LENGTH)}…` : printable;
}

function redactedPair(pair: string): string {
  if (!holdsSecret(pair)) return pair;
  const [name = ''] = pair.split('=');
  return holdsSecret(name) ? REDACTED : `${name}=${REDACTED}`;
}

/** Cuts at the first secret: when a link's `?` was encoded on its way, all of it is in the path. */
function redactedPath(path: string): string {
  const segments = path.split('/');
  const first = segments.findIndex(holdsSecret);
  return first < 0 ? path : [...segments.slice(0, first), REDACTED].join('/');
}

function holdsSecret(text: string, decodings = 0): boolean {
  if (SECRET.test(text)) return true;
  // Byte by byte, since decodeURIComponent throws at a stray %; the patterns searched for are ASCII.
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return decoded !== text && (decodings === MAX_DECODINGS || holdsSecret(decoded, decodings + 1));
}
