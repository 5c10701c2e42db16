import {
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  ParseUUIDPipe,
  Post,
  Render,
  UseInterceptors,
} from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import type { Guest } from '../box-office/errand.catalogue.js';

const anyUuid = new ParseUUIDPipe({ errorHttpStatusCode: HttpStatus.NOT_FOUND });

/** A door that opens to a code: the address names the ticket, which is no secret, and the code is typed. */
@Controller('door')
export class DoorController {
  /** The same for every uuid, so that it does not tell which tickets there are. */
  @Get(':uuid')
  @SkipThrottle() // to look at the form is no guess
  @Render('door/form')
  form(@Param('uuid', anyUuid) uuid: string) {
    return { uuid };
  }

  /**
   * Takes the code from the form, too: where `body` is allowed, the query and the header still are. The library counts the
   * wrong ones; the fifth locks the ticket.
   */
  @Post()
  @HttpCode(200)
  @InvitationRequired('door', 'enter', { credentials: ['body'] })
  @UseInterceptors(StampInvitation)
  @Render('door/open')
  enter(@Invitation() ticket: Ticket<Guest>) {
    return { firstName: ticket.data.firstName };
  }
}
