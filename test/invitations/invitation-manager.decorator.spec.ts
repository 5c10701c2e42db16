import { Controller, Get, UseInterceptors } from '@nestjs/common';
import {
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, startApp } from '../support/app.js';
import { ticketFor } from './visit.app.js';

@Controller()
class ManagerController {
  constructor(private readonly ledger: Ledger) {}

  @Get('in-transaction')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  inTransaction(@InvitationManager() manager: EntityManager) {
    return {
      isManager: manager instanceof EntityManager,
      inTransaction: manager.queryRunner?.isTransactionActive,
    };
  }

  @Get('claimed')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  claimed(@InvitationManager() manager: EntityManager) {
    this.ledger.note(manager.constructor.name);
  }

  @Get('unstamped')
  @InvitationRequired('louvre', 'visit')
  unstamped(@InvitationManager() manager: EntityManager) {
    this.ledger.note(manager.constructor.name);
  }

  @Get('public')
  open(@InvitationManager() manager: EntityManager) {
    this.ledger.note(manager.constructor.name);
  }
}

eachAdapter('@InvitationManager()', (adapter) => {
  const open = () => startApp(adapter, anyDatabase, { controllers: [ManagerController] });

  it('hands over the manager of the transaction', async () => {
    const guest = await ticketFor(await open());
    const { status, body } = await guest.visit('/in-transaction');
    expect({ status, ...JSON.parse(body) }).toEqual({ status: 200, isManager: true, inTransaction: true });
  });

  it.each(['/claimed', '/unstamped', '/public'])(
    '[M-1] runs no handler that has no such transaction, and uses nothing up: %s',
    async (path) => {
      const museum = await open();
      const guest = await ticketFor(museum);
      expect(await guest.visit(path)).toMatchObject({
        status: 500,
        body: '{"statusCode":500,"message":"Internal server error"}',
      });
      expect(museum.ledger.entries).toEqual([]);
      await guest.expectUntouched();
    },
  );
});
