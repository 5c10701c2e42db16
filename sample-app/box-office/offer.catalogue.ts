import type { Duration } from 'nestjs-ticketoffice';
import { reports } from '../report/report.catalogue.js';

/** What this app writes on its tickets. */
export interface Guest {
  readonly firstName: string;
}

/** Something that guests can be invited to do. */
export interface Offer {
  readonly name: string;
  readonly place: string;
  readonly purpose: string;
  readonly path: string;
  /** How long its tickets are valid unless the clerk chooses; left out: the library's default, ten minutes for a code. */
  readonly life?: Duration;
  /** The guest types a code at `<path>/<uuid>`; otherwise a link leads to the path. */
  readonly byCode?: true;
  /** The ticket's `subject`. */
  readonly subject?: (guest: string) => string;
}

/** Everything that tickets are issued for: one entry for each `@InvitationRequired`. */
export const offers: readonly Offer[] = [
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

export const keyOf = ({ place, purpose }: Pick<Offer, 'place' | 'purpose'>) => `${place}/${purpose}`;

export const offerOf = (key: string) => offers.find((offer) => keyOf(offer) === key);
