import { defineTicket } from 'nestjs-ticketoffice';

export const ReportDownload = defineTicket({
  place: 'report/:year', // a ticket for the place report/2024 opens no other year
  purpose: 'download',
  path: '/report/:year',
  expiresIn: '7d',
});
