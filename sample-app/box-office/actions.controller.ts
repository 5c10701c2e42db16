import {
  Body,
  ConflictException,
  Controller,
  Header,
  HttpCode,
  HttpStatus,
  type HttpRedirectResponse,
  Param,
  ParseUUIDPipe,
  Post,
  Redirect,
  Render,
  UseGuards,
} from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import {
  TicketBusyError,
  TicketExpiredError,
  TicketRevokedError,
  TicketService,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { FormError } from '../site/form.error.js';
import { CsrfGuard } from '../site/csrf.guard.js';
import { BoxOfficePage } from './box-office.page.js';
import { BoxOfficeService } from './box-office.service.js';
import { addressOf, type ListPlace, placeOf } from './list.place.js';

/**
 * The buttons of a ticket on the list. Each leads back to the same place in the list, where the page shows the ticket's
 * current status, not the outcome of the click: so it is still true after a reload, and when the click came too late.
 */
@SkipThrottle() // no credentials are shown here
@UseGuards(CsrfGuard)
@Controller('tickets/:uuid')
export class ActionsController {
  constructor(
    private readonly boxOffice: BoxOfficeService,
    private readonly page: BoxOfficePage,
    private readonly tickets: TicketService,
  ) {}

  /** Responds with the ticket itself, for the same reason as `issue`. */
  @Post('reissue')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Render('issued')
  async reissue(@Param('uuid', ParseUUIDPipe) uuid: string, @Body() fields: unknown) {
    const place = placeOf(fields);
    try {
      return { ...(await this.boxOffice.reissue(uuid)), isReissued: true, back: addressOf(place) + at(uuid) };
    } catch (error) {
      throw await this.besideList(error, place);
    }
  }

  @Post('revoke')
  @Redirect()
  async revoke(@Param('uuid', ParseUUIDPipe) uuid: string, @Body() fields: unknown) {
    await this.tickets.revoke(uuid);
    return seeOther(addressOf(placeOf(fields), uuid) + at(uuid));
  }

  @Post('reopen')
  @Redirect()
  async reopen(@Param('uuid', ParseUUIDPipe) uuid: string, @Body() fields: unknown) {
    await this.tickets.reopen(uuid);
    const place = placeOf(fields);
    // It is no longer in use, so the list of those in use does not show it.
    return seeOther(addressOf(place, uuid) + (place.view.status ? '#tickets' : at(uuid)));
  }

  private async besideList(error: unknown, place: ListPlace): Promise<unknown> {
    if (!isExpected(error)) return error;
    const locals = { ...(await this.page.at(place)), faults: [error.message], atList: true };
    return new FormError('box-office', locals, HttpStatus.CONFLICT);
  }
}

/** Errors that the ticket's current status explains. */
const EXPECTED = [
  TicketUsedError,
  TicketRevokedError,
  TicketExpiredError,
  TicketBusyError,
  ConflictException,
];

const isExpected = (error: unknown): error is Error => EXPECTED.some((type) => error instanceof type);

const at = (uuid: string) => `#ticket-${uuid}`;

const seeOther = (url: string): HttpRedirectResponse => ({ url, statusCode: HttpStatus.SEE_OTHER });
