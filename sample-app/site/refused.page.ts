import { isUUID } from 'class-validator';
import type { Request } from 'express';
import type { PageContext } from 'nestjs-ticketoffice';
import { instant } from './instant.js';

const DOOR = '/door';

/** A refusal's heading, and what the guest can do about it. */
interface RefusalText {
  readonly title: string;
  /** Replaces the library's. */
  readonly message?: string;
  readonly advice?: string;
}

const ANOTHER = 'Ask at the box office for another.';
const LATER = { title: 'One moment, please', advice: 'Go back, wait a moment, and try again.' };

/** By the refusal's code. */
const TEXTS: Record<string, RefusalText> = {
  TICKET_MISSING: {
    title: 'A link is needed',
    advice: 'Open the link on your ticket once more, or ask for a ticket at the box office.',
  },
  TICKET_USED: {
    title: 'Already used',
    advice: 'If it was you just now, all is well: what the ticket was for has been done, once.',
  },
  TICKET_EXPIRED: { title: 'Expired', advice: ANOTHER },
  TICKET_REVOKED: { title: 'Revoked', advice: ANOTHER },
  TICKET_BUSY: LATER,
  TICKET_OFFICE_BUSY: LATER,
};

/** The same for every wrong link, whatever is wrong with it. */
const WRONG_LINK: RefusalText = {
  title: 'Wrong link',
  advice: 'Is the link complete? If you have a newer one, only that one works.',
};

/** The same for every wrong code; the page itself says what to do. */
const WRONG_CODE: RefusalText = { title: 'Wrong code', message: 'This code does not open the door.' };

/** The form may have come from another site, as the message then says: nothing is wrong with the ticket. */
const REFUSED_FORM: RefusalText = { title: 'No admission' };

/** What views/refused.hbs shows: the refusal, and where the guest can go from there. */
export function refusedPage(refusal: PageContext, request: Request) {
  const isInvalid = refusal.code === 'TICKET_INVALID';
  return {
    ...refusal,
    ...(isInvalid ? textForInvalid(request) : TEXTS[refusal.code]),
    at: instant(refusal.instant),
    door: isInvalid ? doorOf(request) : undefined,
  };
}

function textForInvalid({ method, path }: Request): RefusalText {
  if (path === DOOR) return WRONG_CODE;
  return method === 'GET' ? WRONG_LINK : REFUSED_FORM;
}

/** Where to type a wrong code again. The same when the ticket is locked, which no page reveals. */
function doorOf({ path, body }: Request): string | undefined {
  const { uuid } = Object(body) as { uuid?: unknown };
  return path === DOOR && isUUID(uuid) ? `${DOOR}/${String(uuid)}` : undefined;
}
