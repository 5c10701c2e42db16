import { defineTicket } from 'nestjs-ticketoffice';

/** Its subject is the address that is invited. */
export const TeamInvitation = defineTicket({
  place: 'team',
  purpose: 'join',
  path: '/team/join',
  expiresIn: '7d',
  onDuplicate: 'reject', // one invitation for each address: sent again, not written twice
});
