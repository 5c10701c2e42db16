import type { AddressInfo } from 'node:net';
import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  type INestApplication,
  Injectable,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import {
  type Credentials,
  Invitation,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import type { TestAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, type MuseumParts, startApp } from '../support/app.js';

export const HTML = 'text/html; charset=utf-8';

/** A page of the museum's. */
export const page = (content: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Museum</title><link rel="icon" href="data:,"><main>${content}</main></html>`;

/** What the handlers do once they have begun, chosen by each test. */
@Injectable()
export class Pace {
  handle: () => unknown = () => undefined;
}

/** The rooms that a guest can be invited to. */
@Controller()
export class RoomsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly pace: Pace,
  ) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  @Header('Content-Type', HTML)
  async visit(@Invitation() ticket: Ticket): Promise<string> {
    this.ledger.note(ticket.uuid);
    await this.pace.handle();
    return page('<h1>Welcome to the Louvre museum</h1>');
  }

  @Get('password')
  @InvitationRequired('account', 'reset')
  @Header('Content-Type', HTML)
  form(@Invitation() ticket: Ticket): string {
    const named = `<input type="hidden" name="ticket-uuid" value="${ticket.uuid}">`;
    const field = '<label>New password <input name="chosen" value="a long one"></label>';
    return page(
      `<h1>Your password</h1><form method="post">${named}${field}<button>Change it</button></form>`,
    );
  }

  @Post('password')
  @HttpCode(200)
  @InvitationRequired('account', 'reset')
  @UseInterceptors(StampInTransaction)
  @Header('Content-Type', HTML)
  async change(@Invitation() ticket: Ticket, @Body('chosen') chosen: unknown): Promise<string> {
    this.ledger.note(ticket.uuid);
    await this.pace.handle();
    return page(`<h1>Changed</h1><p>${typeof chosen}</p>`);
  }

  @Get('report')
  @InvitationRequired('report', 'download')
  @UseInterceptors(StampInvitation)
  @Header('Content-Type', 'text/plain')
  @Header('Content-Disposition', 'attachment; filename="report.txt"')
  report(@Invitation() ticket: Ticket): string {
    this.ledger.note(ticket.uuid);
    return 'Eight million visitors';
  }
}

export interface Invited {
  readonly uuid: string;
  readonly credentials: Credentials;
  readonly link: string;
}

export interface Rooms extends Museum {
  readonly pace: Pace;
  /** The museum's origin, under one of its names. */
  origin: (host?: string) => string;
  /** A ticket for one of the rooms, and its link under one of the museum's names. */
  invite: (room: Room, host?: string, password?: string) => Promise<Invited>;
}

const ROOMS = {
  '/louvre': { place: 'louvre', purpose: 'visit' },
  '/password': { place: 'account', purpose: 'reset' },
  '/report': { place: 'report', purpose: 'download' },
};
export type Room = keyof typeof ROOMS;

export async function openRooms(
  adapter: TestAdapter,
  { controllers, providers = [], ...parts }: Partial<MuseumParts> = {},
): Promise<Rooms> {
  const museum = await startApp(adapter, anyDatabase, {
    controllers: controllers ?? [RoomsController],
    providers: [Pace, ...providers],
    ...parts,
  });
  const origin = (host?: string) => originOf(museum.app, host);
  return {
    ...museum,
    pace: museum.app.get(Pace),
    origin,
    async invite(room, host, password) {
      const { credentials } = await museum.tickets.issue({ ...ROOMS[room], password });
      const link = linkUnder(origin(host), museum.tickets.url(room, credentials));
      return { uuid: credentials.uuid, credentials, link };
    },
  };
}

/** Where an app is found; every name leads to it, and a browser takes each for another site. */
export const originOf = (app: INestApplication, host = 'localhost'): string =>
  `http://${host}:${(app.getHttpServer().address() as AddressInfo).port}`;

/** The same link to where the app is found. */
export function linkUnder(origin: string, link: string): string {
  const { pathname, search } = new URL(link);
  return origin + pathname + search;
}
