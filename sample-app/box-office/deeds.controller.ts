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
import { OwnPages } from '../site/own-pages.guard.js';
import { BoxOfficePage } from './box-office.page.js';
import { BoxOfficeService } from './box-office.service.js';
import { addressOf, type ListPlace, placeOf } from './list.place.js';

/**
 * What the clerk does about a ticket on the list, to come back to the same place of it. How the ticket stands then is
 * told there: that is true of a page that is loaded again, too, and of a deed that came too late.
 */
@SkipThrottle() // no credentials are shown here
@UseGuards(OwnPages)
@Controller('tickets/:uuid')
export class DeedsController {
  constructor(
    private readonly boxOffice: BoxOfficeService,
    private readonly page: BoxOfficePage,
    private readonly tickets: TicketService,
  ) {}

  /** Answers with the ticket itself, for the same reason as `issue`. */
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
    // It is in use no more, and so not to be seen among those that are.
    return seeOther(addressOf(place, uuid) + (place.view.mark ? '#tickets' : at(uuid)));
  }

  private async besideList(error: unknown, place: ListPlace): Promise<unknown> {
    if (!isObstacle(error)) return error;
    const locals = { ...(await this.page.at(place)), faults: [error.message], atList: true };
    return new FormError('box-office', locals, HttpStatus.CONFLICT);
  }
}

/** What stands in the way of a deed: how the ticket is by now. */
const OBSTACLES = [
  TicketUsedError,
  TicketRevokedError,
  TicketExpiredError,
  TicketBusyError,
  ConflictException,
];

const isObstacle = (error: unknown): error is Error => OBSTACLES.some((type) => error instanceof type);

const at = (uuid: string) => `#ticket-${uuid}`;

const seeOther = (url: string): HttpRedirectResponse => ({ url, statusCode: HttpStatus.SEE_OTHER });
