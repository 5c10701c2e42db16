import {
  Body,
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
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import {
  TicketBusyError,
  TicketExpiredError,
  TicketLockedError,
  TicketRevokedError,
  TicketService,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { FormError } from '../site/form.error.js';
import { CsrfGuard } from '../site/csrf.guard.js';
import { BoxOfficePage } from './box-office.page.js';
import { BoxOfficeService } from './box-office.service.js';
import { addressOf, type ListPlace, placeOf } from './list.place.js';
import type { ListView } from './list.views.js';

/**
 * The buttons of a ticket on the list. Each leads back to the same place in the list, where the page shows the ticket's
 * current status, not the outcome of the click: so it is still true after a reload, and when the click came too late.
 */
@SkipThrottle() // no credentials are shown here
@UseGuards(CsrfGuard)
@ApiExcludeController()
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
      return {
        ...(await this.boxOffice.reissue(uuid)),
        isReissued: true,
        back: addressOf(place) + at(uuid, 'reissue', place),
      };
    } catch (error) {
      throw await this.besideList(error, place);
    }
  }

  @Post('revoke')
  @Redirect()
  async revoke(@Param('uuid', ParseUUIDPipe) uuid: string, @Body() fields: unknown) {
    await this.tickets.revoke(uuid);
    const place = placeOf(fields);
    return seeOther(addressOf(place, uuid) + at(uuid, 'revoke', place));
  }

  @Post('reopen')
  @Redirect()
  async reopen(@Param('uuid', ParseUUIDPipe) uuid: string, @Body() fields: unknown) {
    await this.tickets.reopen(uuid);
    const place = placeOf(fields);
    return seeOther(addressOf(place, uuid) + at(uuid, 'reopen', place));
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
  TicketLockedError,
];

const isExpected = (error: unknown): error is Error => EXPECTED.some((type) => error instanceof type);

/** The ticket on the page; or the list, where that no longer shows it after the action. */
const at = (uuid: string, action: ListView['leftBy'], { view }: ListPlace) =>
  view.leftBy === action ? '#tickets' : `#ticket-${uuid}`;

const seeOther = (url: string): HttpRedirectResponse => ({ url, statusCode: HttpStatus.SEE_OTHER });
