import { BadRequestException, UseFilters, UseInterceptors } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Account } from './account.entity.js';
import { graphqlRequest } from './graphql.request.js';
import { hashOf } from './password.hash.js';
import { RefusedFieldFilter } from './refused-field.filter.js';

@Resolver()
@UseFilters(RefusedFieldFilter)
export class AccountResolver {
  @Query(() => String, { nullable: true })
  @InvitationRequired('account', 'reset password', { getRequest: graphqlRequest })
  accountToReset(@Invitation() ticket: Ticket) {
    return ticket.subject; // uses nothing up
  }

  @Mutation(() => Boolean, { nullable: true })
  @InvitationRequired('account', 'reset password', { getRequest: graphqlRequest })
  @UseInterceptors(StampInTransaction)
  async resetPassword(
    @Invitation() ticket: Ticket,
    @InvitationManager() manager: EntityManager,
    @Args('secret') secret: string,
  ) {
    if (secret.length < 12) throw new BadRequestException('Choose 12 characters or more.');
    await manager.update(Account, { id: ticket.subject! }, { password: await hashOf(secret) });
    return true;
  }
}
