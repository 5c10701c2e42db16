import { open } from 'node:fs/promises';
import { Controller, Get, Param, ParseIntPipe, StreamableFile, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';

@Controller('report')
export class ReportController {
  @Get(':year')
  @InvitationRequired('report/:year', 'download') // a ticket for the place report/2024 opens no other year
  @UseInterceptors(StampInvitation)
  async download(@Param('year', ParseIntPipe) year: number) {
    const file = await open(`reports/${year}.pdf`); // where it is missing, this throws, and uses nothing up
    const disposition = `attachment; filename="${year}.pdf"`;
    return new StreamableFile(file.createReadStream(), { type: 'application/pdf', disposition });
  }
}
