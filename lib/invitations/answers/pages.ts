import { createHash } from 'node:crypto';
import type { AdviceLog } from '../../tickets/advice.log.js';
import { BUILT_IN_STYLE, builtInConfirm, builtInRefusal } from './built-in-pages.js';
import type { Language, SentencesName } from './languages/language.js';
import type { ConfirmPageContext, PageContext, Pages } from './page-context.js';

/** A page as HTML, and whether it is the library's own. */
export interface Page {
  readonly html: string;
  readonly isBuiltIn: boolean;
}

/** For whom a page is rendered, and with what. */
export interface Rendering {
  /** The app's own. */
  readonly pages: Pages;
  readonly request: object;
  readonly language: Language;
  readonly log: AdviceLog;
}

/** @param name of the sentences on the built-in page */
export function renderRefusal(page: PageContext, name: SentencesName, rendering: Rendering): Promise<Page> {
  const { pages, request, language, log } = rendering;
  const own = page.status === 401 ? 'unauthorized' : 'forbidden';
  const custom = pages[own] && (() => pages[own]?.(page, request));
  return render(page, custom, () => builtInRefusal(name, page.instant, language), log);
}

export function renderConfirm(page: ConfirmPageContext, rendering: Rendering): Promise<Page> {
  const { pages, request, language, log } = rendering;
  const custom = pages.confirm && (() => pages.confirm?.(page, request));
  return render(page, custom, () => builtInConfirm(page, language), log);
}

/** A page that cannot be made must not turn an answer into a 500: the built-in one takes its place. */
async function render(
  { code }: PageContext | ConfirmPageContext,
  custom: (() => unknown) | undefined,
  builtIn: () => string,
  log: AdviceLog,
): Promise<Page> {
  const reason = `page for ${code}`;
  try {
    const html = await custom?.();
    if (typeof html === 'string') return { html, isBuiltIn: false };
    if (custom) log.error(reason, `The ${reason} is not a string of HTML: the built-in one is sent`);
  } catch (error) {
    log.error(reason, `The ${reason} could not be made: the built-in one is sent`, error);
  }
  return { html: builtIn(), isBuiltIn: true };
}

const STYLE_HASH = `'sha256-${createHash('sha256').update(BUILT_IN_STYLE).digest('base64')}'`;

/** For the built-in pages: their own style, and nothing else. */
const BUILT_IN = `default-src 'none'; style-src ${STYLE_HASH}`;
/** For pages of the app's: its own styles, images and fonts; no script. */
const CUSTOM = `default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'`;
const HARDENED = "base-uri 'none'; frame-ancestors 'none'";

/**
 * The Content-Security-Policy of a page.
 *
 * @param leads whether its form leads to the handler. Chromium applies `form-action` to every redirect that follows,
 *   too: `'self'` would block a handler that redirects its guest to another origin
 */
export function pagePolicy({ isBuiltIn }: Page, leads: boolean): string {
  const policy = `${isBuiltIn ? BUILT_IN : CUSTOM}; ${HARDENED}`;
  return leads ? policy : `${policy}; form-action 'self'`;
}
