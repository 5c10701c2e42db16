import type { ThrottlerModuleOptions } from '@nestjs/throttler';

/**
 * Limits the requests of one address where credentials are shown.
 *
 * @param ttl in ms: the time in which requests are counted, and for which an address beyond the limit is blocked
 */
export const addressThrottle = (limit: number, ttl: number): ThrottlerModuleOptions => ({
  throttlers: [{ limit, ttl }], // without a name, or Retry-After would bear it, too
  generateKey: (_context, address) => address, // one budget for all doors, not one for each
  errorMessage: 'Too many requests from your address. Try again later.',
});
