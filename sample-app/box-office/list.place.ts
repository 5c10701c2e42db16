import { isUUID } from 'class-validator';
import { type ListView, viewOf } from './list.views.js';

/** One page of the list. */
export interface ListPlace {
  readonly view: ListView;
  /** The last ticket of the page before. */
  readonly from?: string;
}

/** From a URL's query or a form's fields; anything malformed means the beginning of the list. */
export function placeOf(fields: unknown): ListPlace {
  const { show, from } = Object(fields) as { show?: unknown; from?: unknown };
  return { view: viewOf(show), from: isUUID(from) ? String(from) : undefined };
}

/** As query parameters, or hidden fields of a form. */
export const parametersOf = ({ view, from }: ListPlace): Record<string, string> => ({
  ...(view.status && { show: view.key }),
  ...(from && { from }),
});

/** @param about the ticket whose status the page shows */
export function addressOf(place: ListPlace, about?: string): string {
  const query = new URLSearchParams({ ...parametersOf(place), ...(about && { about }) }).toString();
  return query ? `/?${query}` : '/';
}
