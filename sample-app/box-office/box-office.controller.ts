import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  HttpStatus,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Redirect,
  Render,
  Sse,
  UseGuards,
} from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { TicketService } from 'nestjs-ticketoffice';
import { FormError } from '../site/form.error.js';
import { formAgain, readForm } from '../site/form.reader.js';
import { OwnPages } from '../site/own-pages.guard.js';
import { refusalBy } from '../site/ticket.refusal.js';
import { BoxOfficeService } from './box-office.service.js';
import { IssueForm } from './issue.form.js';
import { issueFormView } from './issue-form.view.js';
import { TicketChanges } from './ticket.changes.js';
import { type ListQuery, TicketList } from './ticket.list.js';

const LIST = '/#tickets';

/** Issues tickets and lists them. Nobody logs in here: this is for a demonstration on one's own machine. */
@SkipThrottle() // no credentials are shown here
@UseGuards(OwnPages)
@Controller()
export class BoxOfficeController {
  constructor(
    private readonly boxOffice: BoxOfficeService,
    private readonly tickets: TicketService,
    private readonly list: TicketList,
    private readonly changes: TicketChanges,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @Render('box-office')
  counter(
    @Query('show') show?: unknown,
    @Query('from', new ParseUUIDPipe({ optional: true })) from?: string,
  ) {
    return this.page({}, { show, from });
  }

  /** Answers with the ticket itself, not a redirect: the secret is shown once and kept nowhere. */
  @Post('tickets')
  @Header('Cache-Control', 'no-store')
  @Render('issued')
  async issue(@Body() body: Partial<IssueForm> = {}) {
    try {
      return await this.boxOffice.issue(await readForm(IssueForm, body));
    } catch (error) {
      throw formAgain(error, 'box-office', await this.page(body));
    }
  }

  /** As `issue`; what has become of the ticket meanwhile is told beside the list. */
  @Post('tickets/:uuid/reissue')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Render('issued')
  async reissue(@Param('uuid', ParseUUIDPipe) uuid: string) {
    try {
      return await this.boxOffice.reissue(uuid);
    } catch (error) {
      const refusal = refusalBy(error);
      if (!refusal) throw error;
      const locals = { ...(await this.page({})), faults: [refusal.message], atList: true };
      throw new FormError('box-office', locals, Math.max(refusal.status, HttpStatus.CONFLICT));
    }
  }

  @Post('tickets/:uuid/revoke')
  @Redirect(LIST, 303)
  async revoke(@Param('uuid', ParseUUIDPipe) uuid: string): Promise<void> {
    await this.tickets.revoke(uuid);
  }

  @Post('tickets/:uuid/reopen')
  @Redirect(LIST, 303)
  async reopen(@Param('uuid', ParseUUIDPipe) uuid: string): Promise<void> {
    await this.tickets.reopen(uuid);
  }

  @Sse('tickets/changes')
  follow() {
    return this.changes.stream;
  }

  private async page(typed: Partial<IssueForm>, query: ListQuery = {}) {
    return { form: issueFormView(typed), list: await this.list.page(query) };
  }
}
