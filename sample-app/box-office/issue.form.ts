import {
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  Validate,
  ValidateIf,
  type ValidationArguments,
  ValidatorConstraint,
} from 'class-validator';
import type { Duration } from 'nestjs-ticketoffice';
import { offerOf, offers, keyOf } from './offer.catalogue.js';

/** How long a ticket may live; `null`: for ever. */
export const lives: Readonly<Record<string, Duration | null>> = {
  '1 minute': '1m',
  '10 minutes': '10m',
  '1 hour': '1h',
  '5 days': '5d',
  never: null,
};

@ValidatorConstraint({ name: 'typed' })
class NotForCodes {
  validate(secret: unknown, { object }: ValidationArguments): boolean {
    return secret !== 'chosen' || !offerOf((object as IssueForm).offer)?.byCode;
  }
}

/** What the box office asks for. The library checks the password, but for its length: the link must fit a QR code. */
export class IssueForm {
  @Matches(/\S/, { message: 'Write the guest’s name.' })
  @MaxLength(60, { message: 'Write a guest’s name of at most $constraint1 characters.' })
  @IsString({ message: 'Write the guest’s name.' })
  guest!: string;

  @IsIn(offers.map(keyOf), { message: 'Choose what the ticket is for from the list.' })
  offer!: string;

  /** Left out or empty: the offer's own. */
  @IsOptional()
  @IsIn(['', ...Object.keys(lives)], { message: 'Choose from the list when the ticket expires.' })
  expires?: string;

  @Validate(NotForCodes, { message: 'The door takes a code: choose a generated secret.' })
  @IsIn(['generated', 'chosen'], { message: 'Choose who makes the secret.' })
  secret!: 'generated' | 'chosen';

  @ValidateIf(({ secret }: IssueForm) => secret === 'chosen')
  @MaxLength(200, { message: 'Choose a password of at most $constraint1 characters.' })
  @MinLength(1, { message: 'Write the password that you choose, or choose a generated secret.' })
  @IsString({ message: 'Write the password that you choose, or choose a generated secret.' })
  password?: string;
}
