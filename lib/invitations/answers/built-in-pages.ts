import { type Language, type SentencesName, WHEN } from './languages/language.js';
import type { ConfirmPageContext } from './page-context.js';

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

/** The page for a refusal, with these sentences. */
export function builtInRefusal(name: SentencesName, instant: Date | undefined, language: Language): string {
  const { title, message, hint } = language.refusals[name];
  const paragraphs = [escape(message), ...(hint === undefined ? [] : withInstant(hint, instant, language))];
  return document(language, title, paragraphs.map((text) => `<p>${text}</p>`).join('\n'));
}

/** A GET form, because it leads to a GET handler. A scanner follows links, but presses no buttons. */
export function builtInConfirm({ fields }: Pick<ConfirmPageContext, 'fields'>, language: Language): string {
  const { title, message, button } = language.confirm;
  const body = `<p>${escape(message)}</p>
<form>
${fields.map(({ name, value }) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`).join('\n')}
<button>${escape(button)}</button>
</form>`;
  return document(language, title, body);
}

const document = ({ tag }: Language, title: string, body: string): string => `<!doctype html>
<html lang="${tag}">
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

/** A hint as HTML; none where it has a place for an instant, and there is no instant. */
function withInstant(hint: string, instant: Date | undefined, language: Language): string[] {
  const text = escape(hint);
  if (!text.includes(WHEN)) return [text];
  return instant ? [text.replace(WHEN, () => time(instant, language))] : [];
}

/** Each language writes UTC at a place of its own. */
const DATE_AND_TIME: Intl.DateTimeFormatOptions = {
  ...{ year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  ...{ timeZone: 'UTC', timeZoneName: 'short' },
};

function time(instant: Date, { tag, dates = tag }: Language): string {
  const text = new Intl.DateTimeFormat(dates, DATE_AND_TIME).format(instant);
  return `<time datetime="${instant.toISOString()}">${escape(text)}</time>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
