import { isUUID } from 'class-validator';
import type { Request } from 'express';
import type { PageContext } from 'nestjs-ticketoffice';
import { instant } from './instant.js';

const DOOR = '/door';

const ANOTHER = 'Ask at the box office for another.';
const LATER = 'Go back, wait a moment, and try again.';

/** What a guest can do, by the code of the refusal. */
const ADVICE: Record<string, string> = {
  TICKET_MISSING: 'Open the link on your ticket once more, or ask for a ticket at the box office.',
  TICKET_USED:
    'If it was you just now, all is well: what the ticket was for has been done, and was done once.',
  TICKET_EXPIRED: ANOTHER,
  TICKET_REVOKED: ANOTHER,
  TICKET_BUSY: LATER,
  TICKET_OFFICE_BUSY: LATER,
};

/** The same for every link that is wrong, whatever is wrong about it. */
const WRONG_LINK = 'Is the link complete? If you were given another since, only that one is good.';

/** Whether the same request may be answered otherwise in a moment. */
export const isForNow = ({ status }: PageContext): boolean => status === 409 || status === 503;

/** What views/refused.hbs shows: of a refusal, and of where the guest can go from it. */
export const refusedPage = (refusal: PageContext, request: Request) => ({
  ...refusal,
  title: isForNow(refusal) ? 'One moment, please' : 'No admission',
  at: instant(refusal.instant),
  advice: adviceFor(refusal, request),
  door: doorOf(refusal, request),
});

// A form that was refused may have come from another site, as its message says then: that is no fault of the link's.
const adviceFor = ({ code }: PageContext, { method }: Request): string | undefined =>
  code === 'TICKET_INVALID' && method === 'GET' ? WRONG_LINK : ADVICE[code];

/** Where a guest whose code was wrong types it again; the same when the ticket is locked, which nobody is told. */
function doorOf({ code }: PageContext, { path, body }: Request): string | undefined {
  const { uuid } = Object(body) as { uuid?: unknown };
  return code === 'TICKET_INVALID' && path === DOOR && isUUID(uuid) ? `${DOOR}/${String(uuid)}` : undefined;
}
