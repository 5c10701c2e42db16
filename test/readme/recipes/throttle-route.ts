import { Throttle } from '@nestjs/throttler';

/** At most so many requests to a route in ten minutes: of an account that is logged in, or else of an address. */
export const ThrottleRoute = (limit: number) =>
  Throttle({
    default: {
      limit,
      ttl: 600_000, // ms
      getTracker: (request) => {
        const { user, ip } = request as { user?: { id: string }; ip: string };
        return user ? `account ${user.id}` : ip;
      },
      // A count of the route's own, beside the one that all other routes share.
      generateKey: (context, tracker) => `${context.getClass().name}.${context.getHandler().name} ${tracker}`,
    },
  });
