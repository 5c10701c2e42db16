import {
  Body,
  Controller,
  Get,
  Header,
  ParseUUIDPipe,
  Post,
  Query,
  Render,
  Sse,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { asFormError, readForm } from '../site/form.reader.js';
import { CsrfGuard } from '../site/csrf.guard.js';
import { BoxOfficePage } from './box-office.page.js';
import { BoxOfficeService } from './box-office.service.js';
import { IssueForm } from './issue.form.js';
import { addressOf, placeOf } from './list.place.js';
import { TicketChanges } from './ticket.changes.js';

const anyUuid = new ParseUUIDPipe({ optional: true });

/** Issues and lists tickets. There is no log-in: this is a demonstration, for your own machine. */
@SkipThrottle() // no credentials are shown here
@UseGuards(CsrfGuard)
@ApiExcludeController()
@Controller()
export class BoxOfficeController {
  constructor(
    private readonly boxOffice: BoxOfficeService,
    private readonly page: BoxOfficePage,
    private readonly changes: TicketChanges,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @Render('box-office')
  index(
    @Query('show') show?: unknown,
    @Query('from', anyUuid) from?: string,
    @Query('about', anyUuid) about?: string,
  ) {
    return this.page.at(placeOf({ show, from }), { about });
  }

  /**
   * Responds with the ticket itself instead of a redirect to it: the secret is shown once and kept nowhere. The next page
   * could get it only from a URL, which stays in the history, from a cookie, or from this server's memory.
   */
  @Post('tickets')
  @Header('Cache-Control', 'no-store')
  @Render('issued')
  async issue(@Body() body: Partial<IssueForm> = {}) {
    const start = placeOf({});
    try {
      return { ...(await this.boxOffice.issue(await readForm(IssueForm, body))), back: addressOf(start) };
    } catch (error) {
      throw asFormError(error, 'box-office', await this.page.at(start, { typed: body }));
    }
  }

  @Sse('tickets/changes')
  follow() {
    return this.changes.stream;
  }
}
