import {
  type ArgumentMetadata,
  Controller,
  Get,
  Injectable,
  type PipeTransform,
  type Type,
  UsePipes,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { plainToInstance } from 'class-transformer';
import { IsString } from 'class-validator';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, type MuseumParts, startApp } from '../support/app.js';
import { captureLog } from './captured-log.js';
import { ticketFor } from './visit.app.js';

class Visitor {
  @IsString()
  name!: string;
}

/** As zod's and other pipes do it that know what to make by the class of the parameter. */
class ByClassPipe implements PipeTransform {
  transform(value: object, { metatype }: ArgumentMetadata): unknown {
    const isOwn = metatype !== undefined && metatype !== Object;
    return isOwn ? Object.assign(Object.create(metatype.prototype as object) as object, value) : value;
  }
}

/** Changes what it gets, and hands it on. */
class InPlacePipe implements PipeTransform {
  transform(value: Record<string, unknown>): unknown {
    for (const name of Object.keys(value)) delete value[name];
    return Object.assign(value, { subject: 'somebody else' });
  }
}

class CopyPipe implements PipeTransform {
  transform(value: object): unknown {
    return { ...value };
  }
}

@Injectable()
class InstancePipe implements PipeTransform {
  transform(value: object): unknown {
    return plainToInstance(Visitor, value);
  }
}

class NothingPipe implements PipeTransform {
  transform(): unknown {
    return undefined;
  }
}

const custom = { transform: true, validateCustomDecorators: true };
const KEEPING: [string, PipeTransform][] = [
  ['whitelist', new ValidationPipe({ ...custom, whitelist: true })],
  ['forbidNonWhitelisted', new ValidationPipe({ ...custom, whitelist: true, forbidNonWhitelisted: true })],
  ['forbidUnknownValues', new ValidationPipe({ ...custom, forbidUnknownValues: true })],
  [
    'enableImplicitConversion',
    new ValidationPipe({ ...custom, transformOptions: { enableImplicitConversion: true } }),
  ],
  ['by class', new ByClassPipe()],
  ['in place', new InPlacePipe()],
];
const REPLACING: [string, PipeTransform][] = [
  ['a copy', new CopyPipe()],
  ['an instance', new InstancePipe()],
  ['nothing', new NothingPipe()],
  ['expectedType', new ValidationPipe({ ...custom, expectedType: Visitor, skipMissingProperties: true })],
];

/** With these decorators beside those of the library, on the handlers and on the controller. */
function controllerWith(onHandler: MethodDecorator[] = [], onClass: ClassDecorator[] = []): Type {
  const each =
    (decorators: MethodDecorator[]): MethodDecorator =>
    (target, name, descriptor) => {
      for (const decorate of decorators) decorate(target, name, descriptor);
    };

  @Controller()
  class PipedController {
    constructor(private readonly ledger: Ledger) {}

    @Get('look')
    @InvitationRequired('louvre', 'visit')
    @each(onHandler)
    look(@Invitation() ticket: Ticket) {
      return this.seen(ticket);
    }

    @Get('stamped')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInvitation)
    @each(onHandler)
    stamped(@Invitation() ticket: Ticket) {
      return this.seen(ticket);
    }

    @Get('transaction')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInTransaction)
    @each(onHandler)
    inTransaction(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager) {
      return {
        ...this.seen(ticket),
        open: manager instanceof EntityManager && manager.queryRunner?.isTransactionActive,
      };
    }

    private seen(ticket: Ticket) {
      this.ledger.note('ran');
      return { isTicket: ticket instanceof Ticket, uuid: ticket.uuid, subject: ticket.subject };
    }
  }
  for (const decorate of onClass) decorate(PipedController);
  return PipedController;
}

/** As a compiler without decorator metadata leaves it, such as esbuild. */
function controllerWithoutMetadata(): Type {
  const controller = controllerWith();
  for (const name of ['look', 'stamped', 'inTransaction'])
    Reflect.deleteMetadata('design:paramtypes', controller.prototype as object, name);
  return controller;
}

const LEVELS: [string, (pipe: PipeTransform) => MuseumParts][] = [
  ['global', (pipe) => ({ controllers: [controllerWith()], before: (app) => app.useGlobalPipes(pipe) })],
  [
    'APP_PIPE',
    (pipe) => ({ controllers: [controllerWith()], providers: [{ provide: APP_PIPE, useValue: pipe }] }),
  ],
  ['controller', (pipe) => ({ controllers: [controllerWith([], [UsePipes(pipe)])] })],
  ['handler', (pipe) => ({ controllers: [controllerWith([UsePipes(pipe)])] })],
  [
    'global, without metadata',
    (pipe) => ({ controllers: [controllerWithoutMetadata()], before: (app) => app.useGlobalPipes(pipe) }),
  ],
];
const ROUTES = ['/look', '/stamped', '/transaction'];

eachAdapter('a pipe', (adapter) => {
  const open = (parts: MuseumParts): Promise<Museum> => startApp(adapter, anyDatabase, parts);

  describe.each(LEVELS)('%s', (level, parts) => {
    it.each(level === 'global' ? KEEPING : [KEEPING[0]!, KEEPING.at(-1)!])(
      '[F-9] leaves ticket and manager as they are: %s',
      async (_name, pipe) => {
        const museum = await open(parts(pipe));
        for (const route of ROUTES) {
          const guest = await ticketFor(museum);
          const { status, body } = await guest.visit(route);
          const manager = route === '/transaction' ? { open: true } : {};
          const seen = { isTicket: true, uuid: guest.uuid, subject: null, ...manager };
          expect([status, JSON.parse(body)], route).toEqual([200, seen]);
          expect((await guest.row()).usedAt === null, route).toBe(route === '/look');
        }
      },
    );
  });

  it.each(REPLACING)(
    '[F-9] that replaces a ticket runs no handler, and uses nothing up: %s',
    async (_, pipe) => {
      const museum = await open(LEVELS[0]![1](pipe));
      const logged = captureLog();
      for (const route of ROUTES) {
        const guest = await ticketFor(museum);
        expect((await guest.visit(route)).status).toBe(500);
        expect(await guest.row()).toMatchObject({ usedAt: null, claimId: null });
      }
      expect(museum.ledger.entries).toEqual([]);
      const told = String(logged.map(({ text, error }) => `${text}${String(error)}`));
      for (const name of ['look', 'stamped', 'inTransaction'])
        expect(told).toContain(` in PipedController.${name}: a pipe of the app has put something else`);
    },
  );
});
