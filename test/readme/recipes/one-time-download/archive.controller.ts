import { Controller, Get, Header, Logger, Param, ParseIntPipe, Res, StreamableFile } from '@nestjs/common';
import { defineTicket, Invitation, InvitationRequired, Ticket, TicketService } from 'nestjs-ticketoffice';
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

export const ArchiveDownload = defineTicket({
  place: 'archive/:year',
  purpose: 'download',
  path: '/archive/:year',
  expiresIn: '7d',
  confirm: true, // the page with the button, though the handler has no stamp: it claims the ticket itself
});

const IDLE = 60_000; // ms: a guest who reads nothing for so long has gone

@Controller('archive')
export class ArchiveController {
  private readonly logger = new Logger(ArchiveController.name);

  constructor(private readonly tickets: TicketService) {}

  @Get(':year')
  @InvitationRequired(ArchiveDownload)
  @Header('Accept-Ranges', 'none')
  async download(
    @Param('year', ParseIntPipe) year: number,
    @Invitation() ticket: Ticket,
    @Res({ passthrough: true }) reply: ServerResponse & { raw?: ServerResponse },
  ) {
    const path = `archive/${year}.zip`;
    await access(path); // where it is missing, this throws, before the claim
    const claim = await this.tickets.claim(ticket);
    const response = reply.raw ?? reply; // Fastify's, or Express's
    response.setTimeout(IDLE, () => response.destroy());
    response.once('close', () => {
      const isSent = response.writableFinished && response.statusCode < 400;
      const end = isSent ? claim.stamp() : claim.release();
      end.catch((error) => this.logger.error(`The ticket ${ticket.uuid} is still claimed`, error));
    });
    const disposition = `attachment; filename="${year}.zip"`;
    return new StreamableFile(createReadStream(path), { type: 'application/zip', disposition });
  }
}
