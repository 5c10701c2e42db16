import type { Ticket } from '../../tickets/ticket.entity.js';
import type { GuestErrorCode } from '../../tickets/ticket.errors.js';

/** A hidden field of a form. */
export interface FormField {
  readonly name: string;
  readonly value: string;
}

/** The contents of a page that refuses a guest. */
export interface PageContext {
  /** HTTP status: 401, 403, 409 or 503. */
  readonly status: number;
  /** The error's stable code, such as `TICKET_USED`. */
  readonly code: GuestErrorCode;
  /** A sentence in English for the guest. Holds nothing that came from the request or the ticket. */
  readonly message: string;
  /**
   * The place that the handler requires a ticket for. Escape it: for a place with parameters, such as `report/:id`, the
   * request fills them. `undefined` where no ticket can be for the address that was asked for.
   */
  readonly place?: string;
  /** The purpose that the handler requires a ticket for. `undefined` where `place` is. */
  readonly purpose?: string;
  /**
   * Which of the built-in pages' languages the guest prefers, by `Accept-Language`: `en`, `fr`, `de`, `es`, `it`, `pt`,
   * `nl`, `pl`, `ja` or `zh-Hans`; `en` for a guest who prefers none of them. For any other language, read the request.
   */
  readonly language: string;
  /**
   * When the ticket was used, expired or was revoked; set for holders only. With `TICKET_BUSY`: since when it is claimed,
   * where most likely nobody will end that, and it does not help to load the page again.
   */
  readonly instant?: Date;
}

/** The contents of the page that asks a guest to confirm. Escape them: parameters come from the request. */
export interface ConfirmPageContext<T = unknown> {
  readonly status: 200;
  readonly code: 'TICKET_CONFIRM';
  /** A sentence in English for the guest. */
  readonly message: string;
  /** Where the ticket admits. Escape it: for a place with parameters, such as `report/:id`, the request fills them. */
  readonly place: string;
  readonly purpose: string;
  /** As on the pages that refuse a guest: `en`, `fr`, …, whichever of the built-in pages' languages the guest prefers. */
  readonly language: string;
  /**
   * Always empty: a form without `action`, or with an empty one, goes back to the page's own address as the browser has
   * it, also where a proxy has taken a prefix off, and keeps its fragment.
   */
  readonly action: string;
  /** The form's hidden fields: all of them, in this order. */
  readonly fields: readonly FormField[];
  /** The guest's ticket, which is not used yet. */
  readonly ticket: Ticket<T>;
}

/**
 * The app's own pages, as functions that return an HTML document. The library adds the headers, among them a strict
 * Content-Security-Policy: own styles, images and fonts, and no script. `request` is Express's or Fastify's. If a function throws or returns no string, the built-in page is sent.
 */
export interface Pages {
  /** For 401. */
  unauthorized?(page: PageContext, request: object): string | Promise<string>;
  /** For 403, 409 and 503. */
  forbidden?(page: PageContext, request: object): string | Promise<string>;
  /** For the page with the one button, before a stamped GET handler runs: a form with `fields`, hidden, and a button. */
  confirm?(page: ConfirmPageContext, request: object): string | Promise<string>;
}

/** The pages that an app may render itself. */
export const PAGE_NAMES = ['unauthorized', 'forbidden', 'confirm'] as const satisfies (keyof Pages)[];
