import { isUUID } from 'class-validator';
import { type ListView, viewOf } from './list.views.js';

/** Where in the list somebody is. */
export interface ListPlace {
  readonly view: ListView;
  /** The last ticket of the page before. */
  readonly from?: string;
}

/** As an address or a form says it; what it does not say well is the beginning of the list. */
export function placeOf(fields: unknown): ListPlace {
  const { show, from } = Object(fields) as { show?: unknown; from?: unknown };
  return { view: viewOf(show), from: isUUID(from) ? String(from) : undefined };
}

/** The same for an address, or for a form. */
export const parametersOf = ({ view, from }: ListPlace): Record<string, string> => ({
  ...(view.mark && { show: view.key }),
  ...(from && { from }),
});

/** @param about the ticket of which the page is to say how it stands */
export function addressOf(place: ListPlace, about?: string): string {
  const query = new URLSearchParams({ ...parametersOf(place), ...(about && { about }) }).toString();
  return query ? `/?${query}` : '/';
}
