import { isUUID } from 'class-validator';
import type { Request } from 'express';
import type { PageContext } from 'nestjs-ticketoffice';
import { instant } from './instant.js';

const DOOR = '/door';

/** A refusal in a word, and what the guest can do about it. */
interface Counsel {
  readonly title: string;
  /** Instead of the library's. */
  readonly message?: string;
  readonly advice?: string;
}

const ANOTHER = 'Ask at the box office for another.';
const LATER = { title: 'One moment, please', advice: 'Go back, wait a moment, and try again.' };

/** By the code of the refusal. */
const COUNSEL: Record<string, Counsel> = {
  TICKET_MISSING: {
    title: 'A ticket is needed',
    advice: 'Open the link on your ticket once more, or ask for a ticket at the box office.',
  },
  TICKET_USED: {
    title: 'Already used',
    advice: 'If it was you just now, all is well: what the ticket was for has been done, and was done once.',
  },
  TICKET_EXPIRED: { title: 'Expired', advice: ANOTHER },
  TICKET_REVOKED: { title: 'Revoked', advice: ANOTHER },
  TICKET_BUSY: LATER,
  TICKET_OFFICE_BUSY: LATER,
};

/** The same for every link that is wrong, whatever is wrong about it. */
const WRONG_LINK: Counsel = {
  title: 'Wrong link',
  advice: 'Is the link complete? If you were given another since, only that one is good.',
};

/** The same for every code that is wrong; what to do about it, the page itself says. */
const WRONG_CODE: Counsel = { title: 'Wrong code', message: 'This code does not open the door.' };

/** A form that was refused may have come from another site, as its message says then: that is no fault of the ticket's. */
const REFUSED_FORM: Counsel = { title: 'No admission' };

/** What views/refused.hbs shows: of a refusal, and of where the guest can go from it. */
export function refusedPage(refusal: PageContext, request: Request) {
  const isWrong = refusal.code === 'TICKET_INVALID';
  return {
    ...refusal,
    ...(isWrong ? counselForWrong(request) : COUNSEL[refusal.code]),
    at: instant(refusal.instant),
    door: isWrong ? doorOf(request) : undefined,
  };
}

function counselForWrong({ method, path }: Request): Counsel {
  if (path === DOOR) return WRONG_CODE;
  return method === 'GET' ? WRONG_LINK : REFUSED_FORM;
}

/** Where a guest whose code was wrong types it again; the same when the ticket is locked, which nobody is told. */
function doorOf({ path, body }: Request): string | undefined {
  const { uuid } = Object(body) as { uuid?: unknown };
  return path === DOOR && isUUID(uuid) ? `${DOOR}/${String(uuid)}` : undefined;
}
