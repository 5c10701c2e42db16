import type { Duration } from 'nestjs-ticketoffice';
import { reports } from '../report/report.catalogue.js';

/** What this app writes on its tickets. */
export interface Guest {
  readonly firstName: string;
}

/** Something that a guest may be invited to do. */
export interface Errand {
  readonly name: string;
  readonly place: string;
  readonly purpose: string;
  readonly path: string;
  /** How long a ticket for it is valid unless the clerk says otherwise; left out: the library's own, ten minutes for a code. */
  readonly life?: Duration;
  /** The guest types a code at the path, followed by the ticket's uuid; otherwise a link leads there. */
  readonly byCode?: true;
  /** Whom or what the ticket is about, if it is about anything in particular. */
  readonly subject?: (guest: string) => string;
}

/** Everything that can be done here with a ticket: one entry for each `@InvitationRequired`. */
export const errands: readonly Errand[] = [
  { name: 'Visit the museum', place: 'louvre', purpose: 'visit', path: '/louvre', life: '5d' },
  {
    name: 'Choose a new password',
    place: 'account',
    purpose: 'reset-password',
    path: '/account/password',
    life: '1h',
    subject: (guest) => guest.trim().toLowerCase(),
  },
  ...reports.map(({ id, name }) => ({
    name: `Download the visitor report of ${name}`,
    place: `report/${id}`,
    purpose: 'download',
    path: `/report/${id}`,
    life: '24h' as const,
  })),
  { name: 'Open the door', place: 'door', purpose: 'enter', path: '/door', byCode: true },
];

export const keyOf = ({ place, purpose }: Pick<Errand, 'place' | 'purpose'>) => `${place}/${purpose}`;

export const errandOf = (key: string) => errands.find((errand) => keyOf(errand) === key);
