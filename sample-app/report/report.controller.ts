import { Controller, Get, HttpCode, NotFoundException, Param, Post, Render, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Invitation, InvitationRequired, type Ticket, TicketService } from 'nestjs-ticketoffice';
import { Readable } from 'node:stream';
import type { Guest } from '../box-office/offer.catalogue.js';
import { sendDownload } from './download.js';
import { reportOf } from './report.catalogue.js';
import { visitorReport } from './visitor.report.js';

/** A one-time download, with a ticket for each report. A download that was cut short may be repeated. */
@Controller('report/:id')
export class ReportController {
  constructor(private readonly tickets: TicketService) {}

  /** No stamp: looking at the page uses nothing up. */
  @Get()
  @InvitationRequired('report/:id', 'download')
  @Render('report/download')
  page(@Param('id') id: string, @Invitation() ticket: Ticket) {
    return { report: known(id), ticket: ticket.uuid };
  }

  /**
   * Not with `StampInvitation`, which stamps before the response is sent: whether the file arrives is not known then.
   */
  @Post()
  @HttpCode(200)
  @InvitationRequired('report/:id', 'download')
  async download(
    @Param('id') id: string,
    @Invitation() ticket: Ticket<Guest>,
    @Res() response: Response,
  ): Promise<void> {
    const report = known(id);
    const claim = await this.tickets.claim(ticket);
    response.type('text/csv; charset=utf-8').attachment(`louvre-${report.id}.csv`);
    await sendDownload(claim, Readable.from(visitorReport(report.id, ticket.data.firstName)), response);
  }
}

function known(id: string) {
  const report = reportOf(id);
  if (!report) throw new NotFoundException();
  return report;
}
