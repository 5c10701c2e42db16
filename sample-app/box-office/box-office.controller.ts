import { Body, Controller, Get, Header, Param, ParseUUIDPipe, Post, Redirect, Render } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { TicketService } from 'nestjs-ticketoffice';
import { formAgain, readForm } from '../site/form.reader.js';
import { BoxOfficeService } from './box-office.service.js';
import { IssueForm } from './issue.form.js';
import { issueFormView } from './issue-form.view.js';

/** Issues tickets and lists them. Nobody logs in here: this is for a demonstration on one's own machine. */
@SkipThrottle() // no credentials are shown here
@Controller()
export class BoxOfficeController {
  constructor(
    private readonly boxOffice: BoxOfficeService,
    private readonly tickets: TicketService,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @Render('box-office')
  counter() {
    return this.page({});
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

  @Post('tickets/:uuid/revoke')
  @Redirect('/#tickets', 303)
  async revoke(@Param('uuid', ParseUUIDPipe) uuid: string): Promise<void> {
    await this.tickets.revoke(uuid);
  }

  private async page(typed: Partial<IssueForm>) {
    return { form: issueFormView(typed), tickets: await this.boxOffice.latest() };
  }
}
