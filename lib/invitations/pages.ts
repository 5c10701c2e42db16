import { createHash } from 'node:crypto';
import type { PageContext, PageRenderer } from '../ticket-office.options.js';

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
  return custom
    ? { html: await custom(page), policy: CUSTOM_POLICY }
    : { html: builtIn(page), policy: BUILT_IN_POLICY };
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
