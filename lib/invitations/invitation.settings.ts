import type { Pages } from './pages.js';

/** Where a browser's passes are kept: in cookies of their own, or in the app's session. */
export type PassStore = 'cookie' | 'session';

/** What the app has decided about the way of a request, with every default filled in. An injection token, too. */
export abstract class InvitationSettings {
  /** Where passes are kept, and how long one counts, in ms; `false`: no passes. */
  abstract readonly pass: { readonly store: PassStore; readonly maxAge: number } | false;
  /** The app's own pages; `false`: none, always JSON. */
  abstract readonly pages: Pages | false;
  /** The one clock. */
  abstract readonly now: () => Date;
}
