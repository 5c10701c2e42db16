import {
  IsIn,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  Validate,
  ValidateIf,
  type ValidationArguments,
  ValidatorConstraint,
} from 'class-validator';
import { offerOf } from './offer.catalogue.js';
import { OfferForm } from './offer.form.js';

@ValidatorConstraint({ name: 'typed' })
class NotForCodes {
  validate(secret: unknown, { object }: ValidationArguments): boolean {
    return secret !== 'chosen' || !offerOf((object as IssueForm).offer)?.byCode;
  }
}

/** What the box office asks for. The library checks the password, but for its length: the link must fit a QR code. */
export class IssueForm extends OfferForm {
  @Matches(/\S/, { message: 'Write the guest’s name.' })
  @MaxLength(60, { message: 'Write a guest’s name of at most $constraint1 characters.' })
  @IsString({ message: 'Write the guest’s name.' })
  guest!: string;

  @Validate(NotForCodes, { message: 'The door takes a code: choose a generated secret.' })
  @IsIn(['generated', 'chosen'], { message: 'Choose who makes the secret.' })
  secret!: 'generated' | 'chosen';

  @ValidateIf(({ secret }: IssueForm) => secret === 'chosen')
  @MaxLength(200, { message: 'Choose a password of at most $constraint1 characters.' })
  @MinLength(1, { message: 'Write the password that you choose, or choose a generated secret.' })
  @IsString({ message: 'Write the password that you choose, or choose a generated secret.' })
  password?: string;
}
