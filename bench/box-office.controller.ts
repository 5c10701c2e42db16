import { Controller, Delete, Get, Param, ParseIntPipe, Post } from '@nestjs/common';
import { type CleanedCounts, TicketService } from 'nestjs-ticketoffice';
import { FIRST_NAME, PLACE, PURPOSE } from './settings.js';

/** What the client requests between the measured stretches. */
@Controller()
export class BoxOfficeController {
  private stop: AbortController | undefined;
  private cleaning: Promise<unknown> | undefined;
  private cleaned: CleanedCounts = { used: 0, revoked: 0, expired: 0 };

  constructor(private readonly tickets: TicketService) {}

  /** Issues fresh tickets; returns them as values of `Authorization`. */
  @Post('tickets/:count')
  issue(@Param('count', ParseIntPipe) count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.authorization()));
  }

  /** Begins to clean. */
  @Post('cleaning')
  clean(): object {
    this.stop = new AbortController();
    this.cleaned = { used: 0, revoked: 0, expired: 0 };
    const { signal } = this.stop;
    const onProgress = (counts: CleanedCounts) => (this.cleaned = counts);
    this.cleaning = this.tickets.clean({ signal, onProgress }).catch(() => undefined);
    return {};
  }

  /** Stops to clean; returns how many rows were deleted. */
  @Delete('cleaning')
  async stopCleaning(): Promise<number> {
    this.stop?.abort();
    await this.cleaning;
    return this.cleaned.used + this.cleaned.revoked + this.cleaned.expired;
  }

  /** CPU time of this process so far, in µs. */
  @Get('cpu')
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return user + system;
  }

  private async authorization(): Promise<string> {
    const { credentials } = await this.tickets.issue({
      place: PLACE,
      purpose: PURPOSE,
      data: { firstName: FIRST_NAME },
    });
    return `Ticket ${credentials.uuid}:${credentials.password}`;
  }
}
