import type { Pages } from './pages.js';

/** What the app has decided about the way of a request, with every default filled in. An injection token, too. */
export abstract class InvitationSettings {
  /** How long a pass counts, in ms; `false`: no passes. */
  abstract readonly pass: { readonly maxAge: number } | false;
  /** The app's own pages; `false`: none, always JSON. */
  abstract readonly pages: Pages | false;
  /** The one clock. */
  abstract readonly now: () => Date;
}
