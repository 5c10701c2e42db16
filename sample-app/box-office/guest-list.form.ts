import { IsString } from 'class-validator';
import { OfferForm } from './offer.form.js';

/** Asks for tickets for many guests at once. */
export class GuestListForm extends OfferForm {
  @IsString({ message: 'Write the guests, one on each line.' })
  guests!: string;
}
