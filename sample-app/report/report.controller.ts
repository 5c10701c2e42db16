import { Controller, Get, StreamableFile, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import type { Guest } from '../box-office/errand.catalogue.js';
import { visitorReport } from './visitor.report.js';

/** A download that works once. */
@Controller('report')
export class ReportController {
  @Get()
  @InvitationRequired('report', 'download')
  @UseInterceptors(StampInvitation)
  download(@Invitation() ticket: Ticket<Guest>): StreamableFile {
    const month = ticket.subject ?? '2024-05';
    return new StreamableFile(Buffer.from(visitorReport(month, ticket.data.firstName)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="louvre-${month}.csv"`,
    });
  }
}
