import type { Request } from 'express';
import type { PageContext } from 'nestjs-ticketoffice';
import { instant } from './instant.js';

const DOOR = '/door';
const UUID = /^[0-9a-f-]{32,36}$/i;

/** Whether the same request may be answered otherwise in a moment. */
export const isForNow = ({ status }: PageContext): boolean => status === 409 || status === 503;

/** What views/refused.hbs shows: of a refusal, and of where the guest can go from it. */
export const refusedPage = (refusal: PageContext, request: Request) => ({
  ...refusal,
  title: isForNow(refusal) ? 'One moment, please' : 'No admission',
  at: instant(refusal.instant),
  used: refusal.code === 'TICKET_USED',
  missing: refusal.code === 'TICKET_MISSING',
  busy: isForNow(refusal),
  door: doorOf(refusal, request),
});

/** Where a guest whose code was wrong types it again. Told of each code that fails, the last one and more, too. */
function doorOf({ code }: PageContext, request: Request): string | undefined {
  if (code !== 'TICKET_INVALID' || request.path !== DOOR) return undefined;
  const { uuid } = Object(request.body) as { uuid?: unknown };
  return typeof uuid === 'string' && UUID.test(uuid) ? `${DOOR}/${uuid}` : undefined;
}
