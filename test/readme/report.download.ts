import { defineTicket } from 'nestjs-ticketoffice';
import { z } from 'zod';

export const ReportDownload = defineTicket({
  place: 'report/:id',
  purpose: 'download',
  path: '/report/:id',
  data: z.object({
    reader: z.email(),
    formats: z.array(z.enum(['pdf', 'csv'])).default(['pdf']),
    until: z.date().transform((date) => date.toISOString()),
  }),
});
