import { Controller, Get, type Type, UseInterceptors } from '@nestjs/common';
import {
  type CredentialsLike,
  Invitation,
  InvitationRequired,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { expect } from 'vitest';
import type { TestAdapter } from '../support/adapters.js';
import type { TestDatabase } from '../support/databases.js';
import { Ledger, type Museum, type MuseumParts, startApp } from '../support/app.js';
import { follow, queryOf } from './ask.js';
import { Browser } from './browser.js';
import type { PassStoreUnderTest } from './passes/pass.stores.js';

/** Handlers for the same and for other places and purposes. */
@Controller()
export class PlacesController {
  constructor(private readonly ledger: Ledger) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return ticket.uuid;
  }

  @Get('once')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  once(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return ticket.uuid;
  }

  @Get('shop')
  @InvitationRequired('louvre', 'purchase')
  shop(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }

  @Get('Louvre')
  @InvitationRequired('Louvre', 'visit')
  inCapitals() {}

  @Get('louvre-padded')
  @InvitationRequired('louvre ', 'visit')
  padded() {}

  @Get('abc1')
  @InvitationRequired('a', 'b:c')
  left() {}

  @Get('abc2')
  @InvitationRequired('a:b', 'c')
  right() {}
}

/** The controller of one room of many, `/room<number>`: a place of its own. */
export function roomController(number: number): Type {
  @Controller(`room${number}`)
  class RoomController {
    @Get()
    @InvitationRequired(`room ${number}`, 'visit')
    visit(@Invitation() ticket: Ticket) {
      return ticket.uuid;
    }
  }
  return RoomController;
}

/** An app with handlers for several places, which keeps passes in the store under test. */
export function startPlacesApp(
  adapter: TestAdapter,
  database: Pick<TestDatabase, 'options'>,
  store: PassStoreUnderTest,
  { controllers = [], options, before }: Partial<MuseumParts> = {},
): Promise<Museum> {
  const parts = store.parts(adapter);
  return startApp(adapter, database, {
    controllers: [PlacesController, ...controllers, ...parts.controllers],
    options: { ...parts.options, ...options },
    before: async (app) => {
      await before?.(app);
      await parts.before(app);
    },
  });
}

export async function issue({ tickets }: Museum, input: object = {}): Promise<CredentialsLike> {
  return (await tickets.issue({ place: 'louvre', purpose: 'visit', ...input })).credentials;
}

/** Opens a link in a browser, in a new one if none is given. */
export async function openLink(
  { app }: Museum,
  credentials: CredentialsLike,
  path = '/louvre',
  browser = new Browser(app),
): Promise<Browser> {
  const answer = await browser.visit(`${path}?${queryOf(credentials)}`);
  expect([answer.status, follow(path, answer.headers.location!)]).toEqual([303, path]);
  return browser;
}
