import {
  Controller,
  Get,
  Header,
  Param,
  ParseIntPipe,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { open } from 'node:fs/promises';
import { ReportDownload } from './report-download.ticket.js';

@Controller('report')
export class ReportController {
  @Get(':year') // a browser is shown the page with the button first
  @InvitationRequired(ReportDownload)
  @UseInterceptors(StampInvitation)
  @Header('Accept-Ranges', 'none')
  async download(@Param('year', ParseIntPipe) year: number) {
    const file = await open(`reports/${year}.pdf`); // where it is missing, this throws, and uses nothing up
    const disposition = `attachment; filename="${year}.pdf"`;
    return new StreamableFile(file.createReadStream(), { type: 'application/pdf', disposition });
  }
}
