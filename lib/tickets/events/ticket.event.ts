import type { CleanedCounts } from '../input/clean.input.js';
import type { Scope } from '../scope.js';

/**
 * What happened to a ticket. Emitted once it is durable.
 *
 * @inline
 */
export type TicketDeed =
  'issued' | 'admitted' | 'claimed' | 'stamped' | 'released' | 'locked' | 'revoked' | 'reissued' | 'reopened';

/**
 * Why a guest was refused. For the app alone: a stranger learns nothing about the reason.
 *
 * - `malformed`: cannot be the credentials of any ticket; `unknown`: no such ticket
 * - `wrong`: another secret; `elsewhere`: a ticket for another place or purpose; `locked`: too many wrong guesses before
 * - `unknown-key`: the app no longer has the secret that the ticket was issued under
 * - `unreadable`: its row cannot be read
 * - `reissued`: a pass or a ticket object from before a reissue; `used`, `expired`, `revoked`: over; `busy`: claimed
 * - `cross-site`: another site made the browser send the request, with a genuine pass
 */
export type RefusalReason =
  | 'malformed'
  | 'unknown'
  | 'wrong'
  | 'elsewhere'
  | 'locked'
  | 'unknown-key'
  | 'unreadable'
  | 'reissued'
  | 'used'
  | 'expired'
  | 'revoked'
  | 'busy'
  | 'cross-site';

/** An event, with neither secret nor `data`. Place and purpose are the ticket's, or those that it was presented for. */
export type TicketEvent =
  | (Scope & { readonly type: TicketDeed; readonly uuid: string; readonly instant: Date })
  | (Scope & {
      readonly type: 'refused';
      /** Canonical; `null` where nothing was presented that could be one. */
      readonly uuid: string | null;
      readonly reason: RefusalReason;
      /** Whether the guest presented the right secret, or a genuine pass. */
      readonly holder: boolean;
      readonly instant: Date;
    })
  | {
      readonly type: 'cleaned';
      readonly uuid: null;
      readonly place: null;
      readonly purpose: null;
      readonly counts: CleanedCounts;
      readonly instant: Date;
    };

/** What an event tells of: what happened to a ticket, a guest who was refused (`refused`), a cleaning (`cleaned`). */
export type TicketEventType = TicketEvent['type'];
