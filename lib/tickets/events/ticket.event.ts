import type { CleanedCounts } from '../input/clean.input.js';

/** What can happen to a ticket, and is told once it is written for good. */
export type TicketEventType =
  'issued' | 'admitted' | 'claimed' | 'stamped' | 'released' | 'locked' | 'revoked' | 'reissued' | 'reopened';

/**
 * Why a guest was refused. Told to the app alone: of all that is wrong with credentials, a guest learns nothing.
 *
 * - `malformed`: nobody's credentials, whatever the database holds; `unknown`: no such ticket
 * - `wrong`: another secret; `elsewhere`: a ticket for another place or purpose; `locked`: too many guesses before
 * - `unknown-key`: its secret was made under one of the app's secrets that is gone; `unreadable`: its verifier is garbage
 * - `reissued`: a pass, or a ticket in hand, from before; `used`, `expired`, `revoked`: over; `busy`: held by another
 * - `cross-site`: another site has made the browser send the request, with a genuine pass
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

/** Where a ticket admits, or was shown. */
interface Door {
  readonly place: string;
  readonly purpose: string;
}

/** Something that has happened; with neither secret nor `data`. */
export type TicketEvent =
  | (Door & { readonly type: TicketEventType; readonly uuid: string; readonly instant: Date })
  | (Door & {
      readonly type: 'refused';
      /** As it is stored; `null` where none was shown that could be one. */
      readonly uuid: string | null;
      readonly reason: RefusalReason;
      /** Whether the guest had shown the right secret, or a genuine pass. */
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
