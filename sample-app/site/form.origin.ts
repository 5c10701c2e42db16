/**
 * The header of a guarded page with a form that is posted. The guard's `no-referrer` has browsers post it with
 * `Origin: null`, which over plain http is all that the guard can tell another site's form by, so it would be refused.
 * The address has no secret any more, and goes to no other site.
 */
export const POSTED_WITH_ITS_ORIGIN = ['Referrer-Policy', 'same-origin'] as const;
