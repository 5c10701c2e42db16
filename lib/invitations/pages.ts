import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';

/** Which page the guest is to see. */
export interface PageContext {
  /** HTTP status: 401, 403, 409 or 503. */
  readonly status: number;
  /** The error's stable code, such as `TICKET_USED`. */
  readonly code: string;
  /** A sentence in English for the guest. Holds nothing that came from the request or the ticket. */
  readonly message: string;
}

/** Renders a page as an HTML document. The library adds the headers, a strict Content-Security-Policy among them. */
export type PageRenderer = (page: PageContext) => string | Promise<string>;

/** The pages that an app may render itself. */
export const PAGE_NAMES = ['unauthorized', 'forbidden'] as const;
export type PageName = (typeof PAGE_NAMES)[number];

/** The app's own pages: `unauthorized` for 401, `forbidden` for 403, 409 and 503. */
export type Pages = { readonly [name in PageName]?: PageRenderer };

const logger = new Logger('InvitationPages');

const TITLES: Record<number, string> = {
  401: 'An invitation is needed',
  403: 'This invitation does not open this door',
  409: 'One moment, please',
  503: 'One moment, please',
};

const STYLE = `
:root { color-scheme: light dark; font: 1.125rem/1.6 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 32rem; padding: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
`;

const HARDENED = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** For the built-in pages: their own style, and nothing else. */
const BUILT_IN_POLICY = `default-src 'none'; style-src ${STYLE_HASH}; ${HARDENED}`;
/** For pages of the app's: its own styles, images and fonts; no script. */
const CUSTOM_POLICY = `default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; ${HARDENED}`;

/** A page for a guest with a browser, and the Content-Security-Policy that goes with it. */
export async function renderPage(
  page: PageContext,
  custom: PageRenderer | undefined,
): Promise<{ html: string; policy: string }> {
  const html = custom && (await renderCustom(page, custom));
  return html === undefined
    ? { html: builtIn(page), policy: BUILT_IN_POLICY }
    : { html, policy: CUSTOM_POLICY };
}

/** A page that cannot be made must not turn a refusal into a 500: the built-in one takes its place. */
async function renderCustom(page: PageContext, custom: PageRenderer): Promise<string | undefined> {
  try {
    const html: unknown = await custom(page);
    if (typeof html === 'string') return html;
    logger.error(`The page for ${page.code} is not a string of HTML: the built-in one was shown`);
  } catch (error) {
    logger.error(`The page for ${page.code} could not be made: the built-in one was shown`, error);
  }
  return undefined;
}

const builtIn = ({ status, message }: PageContext): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(TITLES[status] ?? 'Ticket office')}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(TITLES[status] ?? 'Ticket office')}</h1>
<p>${escape(message)}</p>
</main>
</body>
</html>
`;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
