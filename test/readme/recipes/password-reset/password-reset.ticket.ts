import { defineTicket } from 'nestjs-ticketoffice';

export const PasswordReset = defineTicket({
  place: 'account',
  purpose: 'reset password',
  path: '/account/password',
  expiresIn: '1h',
});
