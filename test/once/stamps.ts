import { applyDecorators, type NestInterceptor, type Type, UseGuards } from '@nestjs/common';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { InvitationRequirement } from '../../lib/invitations/requirement.js';
import {
  SelectThenUpdate,
  StampByUpsert,
  StampOfAnybody,
  StampWithoutCount,
  TicketOnGuard,
} from './doubles.js';

/** What stands before a handler. */
interface StampedBy {
  required: MethodDecorator;
  interceptor: Type<NestInterceptor>;
}

const required = InvitationRequired('louvre', 'visit') as MethodDecorator;

export const behindTicketOnGuard = applyDecorators(
  InvitationRequirement({ place: 'louvre', purpose: 'visit', credentials: [] }),
  UseGuards(TicketOnGuard),
) as MethodDecorator;

/** The library's way to use tickets up, and naive ones, by the names that other processes know them by. */
export const stamps = {
  StampInvitation: { required, interceptor: StampInvitation },
  SelectThenUpdate: { required, interceptor: SelectThenUpdate },
  StampWithoutCount: { required, interceptor: StampWithoutCount },
  StampByUpsert: { required, interceptor: StampByUpsert },
  StampOfAnybody: { required, interceptor: StampOfAnybody },
  TicketOnGuard: { required: behindTicketOnGuard, interceptor: StampInvitation },
} satisfies Record<string, StampedBy>;

export type StampName = keyof typeof stamps;

export const stampNames = Object.keys(stamps) as StampName[];
