import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Post,
  Query,
  type Type,
  UnprocessableEntityException,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Invitation, type Ticket } from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';
import { invitationOf, requestOf } from '../../lib/invitations/guest-request.js';
import { reach } from './checkpoints.js';
import { Effect } from './effect.entity.js';
import { type StampName, stamps } from './stamps.js';

/** A guard of the app's, behind the library's: whoever passes it is admitted. */
@Injectable()
class Doorway implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await reach('admitted', invitationOf(requestOf(context))!.uuid);
    return true;
  }
}

/**
 * `POST /<name of the stamp>`: writes one effect for each run of its handler, and answers with the ticket's uuid.
 *
 * @param app the name to write beside the effects
 */
export function visitController(app: string, stamp: StampName): Type {
  const { required, interceptor } = stamps[stamp];

  @Controller()
  class VisitController {
    constructor(private readonly dataSource: DataSource) {}

    @Post(stamp)
    // Above the requirement: guards run in the order of their binding, from the bottom up.
    @UseGuards(Doorway)
    @required
    @UseInterceptors(interceptor)
    async visit(@Invitation() ticket: Ticket, @Query('fail') fail?: string) {
      await reach('in-handler', ticket.uuid);
      await this.dataSource.manager.insert(Effect, { ticket: ticket.uuid, app });
      await reach('after-effect', ticket.uuid);
      if (fail !== undefined) throw new UnprocessableEntityException();
      return ticket.uuid;
    }
  }
  return VisitController;
}
