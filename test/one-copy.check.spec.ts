import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { root, run } from './support/built-package.js';
import { SECRET } from './support/office.js';
import { temporaryFolder } from './support/temporary-folder.js';

/** What the ES module of a test begins with: three copies of the library, and what apps are declared and booted with. */
const prelude = (second: string) => `
  import 'reflect-metadata';
  import { createRequire } from 'node:module';
  import { Controller, Get, Inject, Injectable, Module, Scope, UseInterceptors } from '@nestjs/common';
  import { APP_GUARD, NestFactory } from '@nestjs/core';
  import { TypeOrmModule } from '@nestjs/typeorm';
  import * as imported from 'nestjs-ticketoffice';
  const required = createRequire(import.meta.url)('nestjs-ticketoffice');
  const second = await import(${JSON.stringify(second)});

  const decorate = (decorators, target, name) => {
    for (const decorator of decorators.toReversed())
      name ? decorator(target.prototype, name, Object.getOwnPropertyDescriptor(target.prototype, name)) : decorator(target);
    return target;
  };
  const database = (options) => TypeOrmModule.forRoot({
    type: 'better-sqlite3', database: ':memory:', synchronize: true, autoLoadEntities: true, ...options,
  });
  const options = { secret: ${JSON.stringify(SECRET)} };
  const isGlobal = true;
  const waysToRegister = {
    forRoot: ({ TicketOfficeModule }, extras) => TicketOfficeModule.forRoot({ ...options, ...extras }),
    forRootAsync: ({ TicketOfficeModule }, extras) =>
      TicketOfficeModule.forRootAsync({ useFactory: async () => options, ...extras }),
  };

  /** The class of a controller, whose handler has these decorators. */
  const controllerWith = (decorators, parameter) => {
    class VisitsController { visit() { return 'welcome'; } }
    parameter?.(VisitsController.prototype, 'visit', 0);
    decorate([Get('visit'), ...decorators], VisitsController, 'visit');
    return decorate([Controller()], VisitsController);
  };
  const serviceWith = (token, ...decorators) => {
    class VisitsService {}
    Inject(token)(VisitsService, undefined, 0);
    return decorate([Injectable(), ...decorators], VisitsService);
  };
  const moduleOf = (metadata) => decorate([Module(metadata)], class VisitsModule {});

  /** The message with which an app does not boot, or what it does then. */
  const boot = async (imports, then = () => 'boots') => {
    const app = await NestFactory.create(decorate([Module({ imports })], class AppModule {}), { logger: false, abortOnError: false })
      .catch((error) => error);
    if (app instanceof Error) return [app.name, app.message].join(': ');
    try {
      await app.init();
      return await then(app);
    } catch (error) {
      return [error.name, error.message].join(': ');
    } finally {
      await app.close().catch(() => undefined);
    }
  };
`;

describe('Two copies of the library in one process', () => {
  let second: string;

  beforeAll(async () => {
    const folder = await temporaryFolder('second-copy');
    const copied = dirname(createRequire(import.meta.url).resolve('nestjs-ticketoffice/package.json'));
    cpSync(join(copied, 'dist/esm'), join(folder, 'esm'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    second = pathToFileURL(join(folder, 'esm/index.js')).href;
  });

  /** Runs code of an ES module that has the copies `imported`, `required` and `second`; resolves to what it leaves in `result`. */
  const inProcess = async (code: string): Promise<Record<string, string>> => {
    const script = `${prelude(second)} const result = {}; ${code}; console.log('\\n' + JSON.stringify(result));`;
    const output = await run(process.execPath, '--input-type=module', '--eval', script);
    return JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, string>;
  };

  it('names what an app has of the other copy, and its module, before Nest misses a dependency', async () => {
    const messages = await inProcess(`
      const features = {
        InvitationGuard: ({ InvitationRequired }) =>
          ({ controllers: [controllerWith([InvitationRequired('louvre', 'visit')])] }),
        'InvitationGuard for the app': ({ InvitationGuard }) =>
          ({ providers: [{ provide: APP_GUARD, useClass: InvitationGuard }] }),
        StampInvitation: ({ StampInvitation }) => ({ controllers: [controllerWith([UseInterceptors(StampInvitation)])] }),
        StampInTransaction: ({ StampInTransaction }) =>
          ({ controllers: [controllerWith([UseInterceptors(StampInTransaction)])] }),
        VisitsService: ({ TicketService }) => ({ providers: [serviceWith(TicketService)] }),
        'VisitsService with options': ({ TICKET_OFFICE_OPTIONS }) => ({ providers: [serviceWith(TICKET_OFFICE_OPTIONS)] }),
        'VisitsService of each request': ({ TicketService }) =>
          ({ controllers: [serviceWith(TicketService, Controller({ scope: Scope.REQUEST }))] }),
        'VisitsService by property': ({ TicketService }) => {
          class VisitsService {}
          Inject(TicketService)(VisitsService.prototype, 'tickets');
          return { providers: [decorate([Injectable()], VisitsService)] };
        },
        'visits of a factory': ({ TicketService }) =>
          ({ providers: [{ provide: 'visits', inject: [TicketService], useFactory: () => 1 }] }),
        'VisitsController with @Invitation()': ({ Invitation }) => ({ controllers: [controllerWith([], Invitation())] }),
        'VisitsController with @InvitationManager()': ({ InvitationManager }) =>
          ({ controllers: [controllerWith([], InvitationManager())] }),
        TicketOfficeModule: ({ TicketOfficeModule }) => ({ imports: [TicketOfficeModule.forRoot(options)] }),
      };
      const [copies, ways] = [[[imported, required], [required, imported], [imported, second]], Object.values(waysToRegister)];
      for (const [index, [feature, metadata]] of Object.entries(features).entries())
        for (const [direction, [own, other]] of copies.entries())
          for (const isFirst of [true, false]) {
            // Each feature meets both ways to register, with and without isGlobal, in each place and direction.
            const register = ways[(index + direction) % 2];
            const office = [database(), register(own, { isGlobal: (index + direction + isFirst) % 2 === 0 })];
            const visits = moduleOf(metadata(other));
            const message = await boot(isFirst ? [visits, ...office] : [...office, visits]);
            result[[feature, ['import', 'require', 'second'][direction], isFirst ? 'first' : 'last'].join(', ')] = message;
          }
    `);
    expect(Object.keys(messages)).toHaveLength(12 * 3 * 2);
    for (const [key, message] of Object.entries(messages)) {
      const [name] = key.split(/[ ,]/);
      expect.soft(message, key).toMatch(
        // Two offices find each other: which of them is first is of no account.
        name === 'TicketOfficeModule'
          ? /^TicketOfficeConfigurationError: TicketOfficeModule in \w+Module uses another copy of nestjs-ticketoffice/
          : `TicketOfficeConfigurationError: ${name} in VisitsModule uses another copy of nestjs-ticketoffice than TicketOfficeModule`,
      );
      expect
        .soft(message, key)
        .toContain(
          key.includes('second')
            ? 'npm dedupe'
            : key.includes('require') || name === 'TicketOfficeModule'
              ? 'load both by '
              : 'TicketOfficeModule comes from the ES modules, the other from the CommonJS modules: load both by import, or both by require()',
        );
    }
  }, 180_000);

  it('says it when the data source has the entity of the other copy only', async () => {
    const { message } = await inProcess(`
      const entities = [required.Ticket];
      result.message = await boot([database({ autoLoadEntities: false, entities }), waysToRegister.forRoot(imported)]);
    `);
    expect(message).toContain(
      'Ticket in the data source uses another copy of nestjs-ticketoffice than TicketOfficeModule',
    );
  });

  it('refuses what the app asks for when it runs', async () => {
    const { resolved } = await inProcess(`
      result.resolved = await boot([database(), waysToRegister.forRoot(imported)], (app) => app.resolve(required.TicketService));
    `);
    expect(resolved).toContain('The app uses another copy of nestjs-ticketoffice than TicketOfficeModule');
  });

  it('leaves apps alone that have one each', async () => {
    const used = await inProcess(`
      const visit = { place: 'louvre', purpose: 'visit' };
      const redeem = ({ TicketService }) => async (app) => {
        const tickets = app.get(TicketService, { strict: false });
        const { credentials } = await tickets.issue(visit);
        return tickets.redeem(credentials, visit.place, visit.purpose, ({ place }) => place);
      };
      const appOf = async (copy) => {
        const { TicketService, InvitationRequired, Invitation, StampInvitation } = copy;
        const controllers = [
          controllerWith([InvitationRequired('louvre', 'visit'), UseInterceptors(StampInvitation)], Invitation()),
        ];
        const visits = moduleOf({ controllers, providers: [serviceWith(TicketService)] });
        return boot([visits, database(), waysToRegister.forRoot(copy, { isGlobal })], redeem(copy));
      };
      Object.assign(result, await Promise.all([imported, required, second].map(appOf)));
    `);
    expect(Object.values(used)).toEqual(['louvre', 'louvre', 'louvre']);
  });
});
