import {
  Controller,
  Get,
  Header,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Render,
  Res,
} from '@nestjs/common';
import type { Response } from 'express';
import { Invitation, InvitationRequired, type Ticket, TicketService } from 'nestjs-ticketoffice';
import { Readable } from 'node:stream';
import type { Guest } from '../box-office/errand.catalogue.js';
import { POSTED_WITH_ITS_ORIGIN } from '../site/form.origin.js';
import { handOver } from './handover.js';
import { reportOf } from './report.catalogue.js';
import { visitorReport } from './visitor.report.js';

/** A download that works once, each report with a ticket of its own; one that was cut short may be repeated. */
@Controller('report/:id')
export class ReportController {
  constructor(private readonly tickets: TicketService) {}

  /** To look costs nothing. */
  @Get()
  @Header(...POSTED_WITH_ITS_ORIGIN)
  @InvitationRequired('report/:id', 'download')
  @Render('report/download')
  page(@Param('id') id: string) {
    return { report: known(id) };
  }

  /**
   * Not under `StampInvitation`: that stamps before the answer is sent, and so before anybody knows whether it arrives.
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
    await handOver(claim, Readable.from(visitorReport(report.id, ticket.data.firstName)), response);
  }
}

function known(id: string) {
  const report = reportOf(id);
  if (!report) throw new NotFoundException();
  return report;
}
