import { defineTicket } from 'nestjs-ticketoffice';

/** Its subject is the address. */
export const SignUp = defineTicket({
  place: 'sign-up',
  purpose: 'confirm address',
  path: '/sign-up/account',
  expiresIn: '1d',
});
