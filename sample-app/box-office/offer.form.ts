import { IsIn, IsOptional } from 'class-validator';
import type { Duration } from 'nestjs-ticketoffice';
import { keyOf, offers } from './offer.catalogue.js';

/** How long a ticket may live; `null`: for ever. */
export const lives: Readonly<Record<string, Duration | null>> = {
  '1 minute': '1m',
  '10 minutes': '10m',
  '1 hour': '1h',
  '5 days': '5d',
  never: null,
};

/** What tickets are for, and how long they live: the part that the box office's forms have in common. */
export class OfferForm {
  @IsIn(offers.map(keyOf), { message: 'Choose what the ticket is for from the list.' })
  offer!: string;

  /** Left out or empty: the offer's own. */
  @IsOptional()
  @IsIn(['', ...Object.keys(lives)], { message: 'Choose from the list when the ticket expires.' })
  expires?: string;
}
