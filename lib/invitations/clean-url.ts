import { isCredential } from '../tickets/credentials.js';
import { LOCAL_PATH } from '../tickets/link.js';
import { parametersOf } from './shown-credentials.js';

/**
 * Where the guest is sent once the pass is granted: the same target less the credentials, every other parameter
 * kept to the letter and in order.
 *
 * @returns `undefined` for a target that a browser could read as another host's: it must not be redirected to
 */
export function cleanUrl(target: string): string | undefined {
  const [path = '', ...rest] = target.split('?');
  const query = rest.join('?');
  const kept = query.split('&').filter((pair) => !isCredential(nameOf(pair)));
  const clean = kept.length > 0 && query !== '' ? `${path}?${kept.join('&')}` : path;
  return LOCAL_PATH.test(clean) ? clean : undefined;
}

// A fragment, which no browser sends, ends the query for the guard and for the next browser alike.
const nameOf = (pair: string): string => parametersOf(pair.replace(/#.*/s, ''))[0]?.[0] ?? '';
