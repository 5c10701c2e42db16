import type { ConfirmPageContext, PageContext } from './page-context.js';

/** Guests hold a link or a code: no sentence for them names a ticket. */
const TITLES: Record<string, string> = {
  TICKET_MISSING: 'A link is needed',
  TICKET_INVALID: 'Not valid here',
  TICKET_USED: 'Already used',
  TICKET_EXPIRED: 'Expired',
  TICKET_REVOKED: 'Revoked',
  TICKET_BUSY: 'One moment, please',
  TICKET_OFFICE_BUSY: 'One moment, please',
};

/** What a guest can do about it. A stranger gets the same hint whatever is wrong; a holder's hint has the instant. */
const HINTS: Record<string, (when: string) => string> = {
  TICKET_MISSING: () => 'Open the link that you were sent; once more, if you have come by it before.',
  TICKET_INVALID: () =>
    'Open the link that you were sent once more. If that does not help, ask for another one.',
  TICKET_USED: (when) =>
    `That was on ${when}. If it was you, all went well, and there is nothing left to do.`,
  TICKET_EXPIRED: (when) => `That was on ${when}. Ask the person who invited you for another one.`,
  TICKET_REVOKED: (when) => `That was on ${when}, by the person who had issued it.`,
  TICKET_BUSY: (when) =>
    when
      ? `That was on ${when}. To load this page again does not help: ask the person who invited you.`
      : 'If you have pressed the button twice, the first time is at work. Load this page again if it does not do so by itself.',
};

/** Makes every built-in page readable at any size, in light and in dark. Contrast is 7:1 or more (WCAG 2.2, 1.4.6). */
export const BUILT_IN_STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1b; --accent: #0b4a8f; font: 1.125rem/1.6 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --paper: #151515; --ink: #f0f0f0; --accent: #a5cdff; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); }
main { box-sizing: border-box; width: 100%; max-width: 34rem; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; }
button { padding: 0.75em 1.75em; border: 0; border-radius: 0.4em; background: var(--accent); color: var(--paper); font: inherit; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
`;

export function builtInRefusal({ code, message, instant }: PageContext): string {
  const hint = HINTS[code]?.(instant ? time(instant) : '');
  const paragraphs = [escape(message), ...(hint === undefined ? [] : [hint])];
  const isStuck = code === 'TICKET_BUSY' && instant !== undefined;
  const title = isStuck ? 'Not finished' : (TITLES[code] ?? 'Not possible');
  return document(title, paragraphs.map((text) => `<p>${text}</p>`).join('\n'));
}

/** A GET form, because it leads to a GET handler. A scanner follows links, but presses no buttons. */
export const builtInConfirm = ({ message, fields }: ConfirmPageContext): string =>
  document(
    'One more step',
    `<p>${escape(message)}</p>
<form>
${fields.map(({ name, value }) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`).join('\n')}
<button>Continue</button>
</form>`,
  );

const document = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${BUILT_IN_STYLE}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`;

const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

const time = (instant: Date): string =>
  `<time datetime="${instant.toISOString()}">${FORMAT.format(instant)} UTC</time>`;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
