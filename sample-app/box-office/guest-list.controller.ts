import { Body, Controller, Get, Header, Post, Render, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { CsrfGuard } from '../site/csrf.guard.js';
import { asFormError, readForm } from '../site/form.reader.js';
import { BoxOfficeService } from './box-office.service.js';
import { MOST_GUESTS } from './guest-list.js';
import { GuestListForm } from './guest-list.form.js';
import { offerFormView } from './offer-form.view.js';
import { csvAddress } from './sent-tickets.csv.js';

/** Issues tickets to a list of guests: all of them, or none. */
@SkipThrottle() // no credentials are shown here
@UseGuards(CsrfGuard)
@ApiExcludeController()
@Controller('guests')
export class GuestListController {
  constructor(private readonly boxOffice: BoxOfficeService) {}

  @Get()
  @Render('guests')
  form() {
    return formView({});
  }

  /** Responds with the tickets themselves, for the same reason as the form for one of them. */
  @Post()
  @Header('Cache-Control', 'no-store')
  @Render('guests-issued')
  async issue(@Body() body: Partial<GuestListForm> = {}) {
    try {
      const sent = await this.boxOffice.issueAll(await readForm(GuestListForm, body));
      return { sent, count: sent.length, csv: csvAddress(sent) };
    } catch (error) {
      throw asFormError(error, 'guests', formView(body));
    }
  }
}

const formView = ({ guests, ...chosen }: Partial<GuestListForm>) => ({
  most: MOST_GUESTS,
  form: { guests: typeof guests === 'string' ? guests : '', ...offerFormView(chosen) },
});
