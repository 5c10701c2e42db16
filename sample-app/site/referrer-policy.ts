/**
 * For guarded pages with a POST form. Under the guard's `no-referrer`, browsers send `Origin: null` with the form. Over
 * plain http the guard has only `Origin` to recognise another site's form by, so it would refuse this one.
 * By then the URL holds no secret, and this policy sends it to no other site.
 */
export const SAME_ORIGIN_REFERRER = ['Referrer-Policy', 'same-origin'] as const;
