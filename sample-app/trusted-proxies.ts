import { isIP } from 'node:net';
import { ConfigurationError } from './configuration-error.js';

const RANGES = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * The proxies whose `X-Forwarded-*` Express trusts (its `trust proxy`): their number, their addresses, or `false` for none.
 * Never `true`: every guest could then forge an address.
 */
export function trustedProxies(text: string): false | number | string[] {
  if (text === '') return false;
  if (/^[1-9]$/.test(text)) return Number(text);
  const proxies = text.split(',').map((proxy) => proxy.trim());
  if (proxies.every((proxy) => RANGES.has(proxy) || isSubnet(proxy))) return proxies;
  throw new ConfigurationError(
    `TRUST_PROXY must be the number of proxies in front, or their addresses, such as "loopback, 10.0.0.0/8", not "${text}".`,
  );
}

function isSubnet(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  return isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most && rest.length === 0;
}
