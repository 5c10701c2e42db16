/** How the headers of a response are read and written: through the app's platform, or on Node's own response. */
export interface HeaderWriter {
  get(name: string): string | number | readonly string[] | undefined;
  set(name: string, value: string): unknown;
  append(name: string, value: string): unknown;
}

export const REFERRER_POLICY = 'Referrer-Policy';
const CONTENT_LANGUAGE = 'Content-Language';
const VARY = 'Vary';

/** A browser obeys one policy, and a page has one language: the answer's take the place of what was there before. */
const SINGLE: ReadonlySet<string> = new Set([REFERRER_POLICY, CONTENT_LANGUAGE]);

/** The headers of a page in a language that was chosen for its guest. */
export const languageHeaders = (tag: string | undefined): Record<string, string> => ({
  [VARY]: 'Accept-Language',
  ...(tag !== undefined && { [CONTENT_LANGUAGE]: tag }),
});

/**
 * Adds the headers of an answer to what the app has set. Keeps all of that which can stand beside them: a browser enforces
 * two policies of content, and a client chooses one of two challenges.
 */
export function addHeaders(response: HeaderWriter, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (SINGLE.has(name)) response.set(name, value);
    else if (name !== VARY || !varies(response, value)) response.append(name, value);
  }
}

/** Whether a response says already that it varies by this header of the request, or by all of it. */
function varies(response: HeaderWriter, header: string): boolean {
  const listed = String(response.get(VARY) ?? '').toLowerCase();
  return listed.split(/[\s,]+/).some((name) => name === '*' || name === header.toLowerCase());
}
