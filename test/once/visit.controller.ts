import { Controller, HttpCode, Post, Query, type Type, UseGuards, UseInterceptors } from '@nestjs/common';
import { Invitation, type Ticket } from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';
import { Doorway } from './doorway.guard.js';
import { writeEffect } from './effect.entity.js';
import { type StampName, stamps } from './stamps.js';

/**
 * `POST /<name of the stamp>`: writes one effect for each run, on a connection of the app's, and answers with the
 * ticket's uuid.
 */
export function visitController(app: string, stamp: StampName): Type {
  const { required, interceptor } = stamps[stamp];

  @Controller()
  class VisitController {
    constructor(private readonly dataSource: DataSource) {}

    @Post(stamp)
    @HttpCode(200)
    // Above the requirement: guards run in the order of their binding, from the bottom up.
    @UseGuards(Doorway)
    @required
    @UseInterceptors(interceptor)
    visit(@Invitation() { uuid }: Ticket, @Query('fail') fail?: string) {
      return writeEffect(this.dataSource.manager, { ticket: uuid, app }, fail !== undefined);
    }
  }
  return VisitController;
}
