import { createHash } from 'node:crypto';
import { BUILT_IN_STYLE } from './built-in-pages.js';
import type { Page } from './pages.js';

const STYLE_HASH = `'sha256-${createHash('sha256').update(BUILT_IN_STYLE).digest('base64')}'`;

/** For the built-in pages: their own style, and nothing else. */
const BUILT_IN = `default-src 'none'; style-src ${STYLE_HASH}`;
/** For pages of the app's: its own styles, images and fonts; no script. */
const CUSTOM = `default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'`;
const HARDENED = "base-uri 'none'; frame-ancestors 'none'";

/**
 * The Content-Security-Policy of a page.
 *
 * @param leads whether its form leads to the handler. Chromium holds `form-action` against every redirect that follows,
 *   too: `'self'` would close the way to a handler that sends its guest on to another origin
 */
export function pagePolicy({ isBuiltIn }: Page, leads: boolean): string {
  const policy = `${isBuiltIn ? BUILT_IN : CUSTOM}; ${HARDENED}`;
  return leads ? policy : `${policy}; form-action 'self'`;
}
