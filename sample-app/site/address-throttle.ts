import type { ThrottlerModuleOptions } from '@nestjs/throttler';

/**
 * How many requests one address may make where credentials are shown.
 *
 * @param ttl in ms: the time that they are counted in, and that an address is shut out for beyond
 */
export const addressThrottle = (limit: number, ttl: number): ThrottlerModuleOptions => ({
  throttlers: [{ limit, ttl }], // without a name, or Retry-After would bear it, too
  generateKey: (_context, address) => address, // one budget for all doors, not one for each
  errorMessage: 'Too many requests from your address. Try again later.',
});
