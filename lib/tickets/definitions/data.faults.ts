import { quote } from '../input/rules.js';

/** Most faults of one `data` that are told: a list may have ten thousand. */
const MOST = 20;
/** Longest message of a rule or a schema, in UTF-16 code units. */
const LONGEST = 200;

/** What a check of `data` has found: what to store, or one sentence for each fault. */
export type CheckedData = { readonly data: unknown } | { readonly faults: readonly string[] };

/** The name of a field for a message: `data.guests.0.name`. Names may come from a request. */
export const fieldName = (path: readonly PropertyKey[]): string =>
  ['data', ...path.map((key) => (/^\w{1,40}$/.test(String(key)) ? String(key) : quote(key as string)))].join(
    '.',
  );

/** A message that others have made, and that may quote what a guest has sent: it can neither forge nor flood a log. */
export const plainMessage = (message: unknown): string =>
  JSON.stringify(String(message).slice(0, LONGEST)).slice(1, -1).replaceAll('\\"', '"');

/** So many faults as a person reads, and how many more there are. */
export const someFaults = (faults: readonly string[]): readonly string[] =>
  faults.length <= MOST
    ? faults
    : [...faults.slice(0, MOST), `data has ${faults.length - MOST} more faults like these`];
