import { Controller, Get, type Type, UseGuards } from '@nestjs/common';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { CheckThenCount, CountInProcess, ReadThenWrite } from './guess.doubles.js';

/** The library's limit of wrong guesses, and naive ones, by the names that other processes know them by. */
const limits = {
  InvitationRequired: InvitationRequired('louvre', 'visit') as MethodDecorator,
  ReadThenWrite: UseGuards(ReadThenWrite),
  CheckThenCount: UseGuards(CheckThenCount),
  CountInProcess: UseGuards(CountInProcess),
};

export type LimitName = keyof typeof limits;

export const limitNames = Object.keys(limits) as LimitName[];

/** `GET /hall/<name of the limit>`: uses nothing up. */
export function hallController(limit: LimitName): Type {
  const limited: MethodDecorator = limits[limit];

  @Controller()
  class HallController {
    @Get(`hall/${limit}`)
    @limited
    look() {
      return 'Welcome';
    }
  }
  return HallController;
}
