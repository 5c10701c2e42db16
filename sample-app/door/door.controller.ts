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
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import type { Guest } from '../box-office/offer.catalogue.js';

const anyUuid = new ParseUUIDPipe({ errorHttpStatusCode: HttpStatus.NOT_FOUND });

/** A door that opens to a typed code. The URL only names the ticket, which is no secret. */
@Controller('door')
export class DoorController {
  /** The same page for every uuid, so that it does not reveal which tickets exist. */
  @Get(':uuid')
  @ApiExcludeEndpoint()
  @SkipThrottle() // showing the form is no guess
  @Render('door/form')
  form(@Param('uuid', anyUuid) uuid: string) {
    return { uuid };
  }

  /**
   * Accepts the code from the form, besides query and header. The library counts wrong codes; the fifth locks the ticket.
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
