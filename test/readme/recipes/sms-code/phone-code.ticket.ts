import { Matches } from 'class-validator';
import { defineTicket } from 'nestjs-ticketoffice';

export class PhoneNumber {
  @Matches(/^\+[1-9]\d{6,14}$/, { message: 'number must be like +33123456789' })
  number!: string;
}

/** Its subject is the account's id. A code lasts ten minutes, and five wrong guesses lock it. */
export const PhoneCode = defineTicket({
  place: 'account',
  purpose: 'confirm phone',
  data: PhoneNumber,
  password: { digits: 8 },
  expiresIn: '10m',
  onDuplicate: 'revoke', // the code that was sent last is the one
  credentials: ['body'], // the form's two fields
});
