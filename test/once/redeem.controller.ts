import { Controller, HttpCode, Post, Query, type Type, UseGuards, UseInterceptors } from '@nestjs/common';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  type Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Doorway } from './doorway.guard.js';
import { writeEffect } from './effect.entity.js';

/** `POST /StampInTransaction`: the same in one transaction with the stamp. */
export function redeemController(app: string): Type {
  @Controller()
  class RedeemController {
    @Post('StampInTransaction')
    @HttpCode(200)
    @UseGuards(Doorway)
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInTransaction)
    redeem(
      @Invitation() { uuid }: Ticket,
      @InvitationManager() manager: EntityManager,
      @Query('fail') fail?: string,
    ) {
      return writeEffect(manager, { ticket: uuid, app }, fail !== undefined);
    }
  }
  return RedeemController;
}
