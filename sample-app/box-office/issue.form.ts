import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { Duration } from 'nestjs-ticketoffice';
import { errands, keyOf } from './errand.catalogue.js';

/** How long a ticket may live; `null` is for ever. */
export const lives: Readonly<Record<string, Duration | null>> = {
  '1 minute': '1m',
  '1 hour': '1h',
  '5 days': '5d',
  never: null,
};

/** What the box office asks for. The password is judged by the library, but for its length: the link must fit a QR code. */
export class IssueForm {
  @Matches(/\S/, { message: 'Write the guest’s name.' })
  @MaxLength(60, { message: 'Write a guest’s name of at most $constraint1 characters.' })
  @IsString({ message: 'Write the guest’s name.' })
  guest!: string;

  @IsIn(errands.map(keyOf), { message: 'Choose what the ticket is for from the list.' })
  errand!: string;

  @IsIn(Object.keys(lives), { message: 'Choose from the list when the ticket expires.' })
  expires!: string;

  @IsIn(['generated', 'chosen'], { message: 'Choose who makes the secret.' })
  secret!: 'generated' | 'chosen';

  @IsOptional()
  @MaxLength(200, { message: 'Choose a password of at most $constraint1 characters.' })
  @IsString({ message: 'Write the password as one text.' })
  password?: string;
}
