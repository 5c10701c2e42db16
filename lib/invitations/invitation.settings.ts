import type { Ticket } from '../tickets/ticket.entity.js';
import type { Pages } from './answers/page-context.js';

/** Where a browser's passes are kept: in cookies of their own, or in the app's session. */
export type PassStoreKind = 'cookie' | 'session';

/** What the app has decided about the way of a request, with every default filled in. An injection token, too. */
export abstract class InvitationSettings {
  /** Where passes are kept, and how long one counts, in ms; `false`: no passes. */
  abstract readonly pass: { readonly store: PassStoreKind; readonly maxAge: number } | false;
  /** Whether a browser is asked to confirm before a stamped GET handler runs. */
  abstract readonly confirm: boolean;
  /** Who the guest is to the app. */
  abstract readonly guest?: (this: void, ticket: Ticket, request: object) => unknown;
  /** Where the app is reached, such as `https://museum.example`, if it has said so. */
  abstract readonly origin?: string;
  /** The app's own pages; `false`: none, always JSON. */
  abstract readonly pages: Pages | false;
  /** The one clock. */
  abstract readonly now: () => Date;
}
