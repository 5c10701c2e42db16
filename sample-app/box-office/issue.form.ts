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
import { errandOf, errands, keyOf } from './errand.catalogue.js';

/** How long a ticket may live; `null` is for ever. */
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
    return secret !== 'chosen' || !errandOf((object as IssueForm).errand)?.byCode;
  }
}

/** What the box office asks for. The password is judged by the library, but for its length: the link must fit a QR code. */
export class IssueForm {
  @Matches(/\S/, { message: 'Write the guest’s name.' })
  @MaxLength(60, { message: 'Write a guest’s name of at most $constraint1 characters.' })
  @IsString({ message: 'Write the guest’s name.' })
  guest!: string;

  @IsIn(errands.map(keyOf), { message: 'Choose what the ticket is for from the list.' })
  errand!: string;

  /** Left out or empty: as fits the errand. */
  @IsOptional()
  @IsIn(['', ...Object.keys(lives)], { message: 'Choose from the list when the ticket expires.' })
  expires?: string;

  @Validate(NotForCodes, { message: 'The door takes a code: have the secret generated.' })
  @IsIn(['generated', 'chosen'], { message: 'Choose who makes the secret.' })
  secret!: 'generated' | 'chosen';

  @ValidateIf(({ secret }: IssueForm) => secret === 'chosen')
  @MaxLength(200, { message: 'Choose a password of at most $constraint1 characters.' })
  @MinLength(1, { message: 'Write the password that you choose, or have the secret generated.' })
  @IsString({ message: 'Write the password that you choose, or have the secret generated.' })
  password?: string;
}
