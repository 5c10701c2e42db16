import { delimiter, join } from 'node:path';
import { isExecutable } from '../support/executable.js';

// The headless shell first: without a compositor for a screen it takes a third of the time.
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser's binary; `null`: there is none. */
    chromium: string | null;
  }
}

/** The binary that CHROMIUM_PATH names, or else the first on PATH of the usual names; `null`: there is none. */
export function findChromium({ CHROMIUM_PATH, PATH = '' } = process.env): string | null {
  if (CHROMIUM_PATH) return isExecutable(CHROMIUM_PATH) ? CHROMIUM_PATH : null;
  const folders = PATH.split(delimiter).filter(Boolean);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

/** The line at the end of a run: whether there was a browser, and how to get one. */
export function browserReport(found: string | null, setting = process.env['CHROMIUM_PATH']): string {
  if (found !== null) return `browser: ${found}`;
  return setting
    ? `skipped: browser — CHROMIUM_PATH names ${setting}, which is not a program`
    : 'skipped: browser — there is no Chromium: apt-get install chromium-headless-shell (or chromium), or name one by CHROMIUM_PATH';
}

/** Reads TICKET_OFFICE_TEST_BROWSER: `required` turns a missing browser into a failure. */
export function isBrowserRequired(setting = process.env['TICKET_OFFICE_TEST_BROWSER'] ?? ''): boolean {
  if (!['', 'required'].includes(setting))
    throw new Error(`TICKET_OFFICE_TEST_BROWSER does not know ${setting}: write \`required\`, or nothing`);
  return setting === 'required';
}
