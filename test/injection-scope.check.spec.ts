import { Controller, Get, Inject, Injectable, Module, type ModuleMetadata, Scope } from '@nestjs/common';
import { INQUIRER, LazyModuleLoader, REQUEST } from '@nestjs/core';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import {
  InvitationRequired,
  TICKET_OFFICE_OPTIONS,
  TicketOfficeConfigurationError,
  TicketOfficeModule,
  type TicketOfficeOptions,
  TicketService,
} from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { PasswordQueue } from '../lib/tickets/admission/password.queue.js';
import { TicketEvents } from '../lib/tickets/events/ticket.events.js';
import { anyDatabase, startApp } from './support/app.js';
import { closeApp, eachAdapter, request } from './support/adapters.js';
import { authorization } from './invitations/ask.js';
import { SECRET } from './support/office.js';
import { afterwards, ownResources } from './support/suite-scope.js';
import { isAtLeast } from './support/versions.js';

const visit = { place: 'louvre', purpose: 'visit' };
const options: TicketOfficeOptions = { secret: SECRET };
const useFactory = () => options;
const typeorm = anyDatabase.options({ autoLoadEntities: true, synchronize: true });
const memory = TypeOrmModule.forRoot(typeorm);

async function boot(
  metadata: ModuleMetadata,
  override: (builder: TestingModuleBuilder) => unknown = () => 0,
) {
  const builder = Test.createTestingModule(metadata);
  override(builder);
  const app = await builder.compile();
  // TypeOrmModule cannot close a data source of each request.
  app.useLogger(false);
  afterwards(() => closeApp(app));
  return app.init();
}

/** Expects a boot error that names the way to the request, and says what to write. */
async function refused(booting: Promise<unknown>, way: string) {
  await expect(booting).rejects.toThrow(TicketOfficeConfigurationError);
  await expect(booting).rejects.toThrow(`${way})`);
  await expect(booting).rejects.toThrow('inject only what has the default scope');
  await expect(booting).rejects.toThrow("belongs in a ticket's place or subject");
}

class Configuration {
  createTicketOfficeOptions() {
    return options;
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest extends Configuration {}

@Injectable({ scope: Scope.REQUEST, durable: true })
class PerTenant extends Configuration {}

@Injectable()
class ByProperty extends Configuration {
  @Inject(PerRequest)
  readonly one!: PerRequest;
}

@Injectable({ scope: Scope.TRANSIENT })
class TransientOfRequest extends Configuration {
  constructor(readonly one: PerRequest) {
    super();
  }
}

@Module({ providers: [PerRequest, PerTenant], exports: [PerRequest, PerTenant] })
class ConfigurationModule {}

const imports = [ConfigurationModule];
const OPTIONS = 'TICKET_OFFICE_OPTIONS';

describe('A ticket office that depends on the request', () => {
  ownResources();

  it.each([
    ['a factory that injects it', { inject: [REQUEST], useFactory }, `${OPTIONS} → REQUEST`],
    [
      'a factory that may inject it',
      { inject: [{ token: REQUEST, optional: true }], useFactory },
      `${OPTIONS} → REQUEST`,
    ],
    [
      'a factory with a provider of each request',
      { imports, inject: [PerRequest], useFactory },
      `${OPTIONS} → PerRequest`,
    ],
    [
      'a factory with a durable provider',
      { imports, inject: [PerTenant], useFactory },
      `${OPTIONS} → PerTenant`,
    ],
    ['a class of each request', { useClass: PerRequest }, 'PerRequest'],
    ['a durable class', { useClass: PerTenant }, 'PerTenant'],
    ['an existing provider of each request', { imports, useExisting: PerRequest }, `${OPTIONS} → PerRequest`],
    [
      'a class that injects one into a property',
      { imports, useClass: ByProperty },
      'ByProperty → PerRequest',
    ],
    [
      'a transient class that injects one',
      { imports, useClass: TransientOfRequest },
      'TransientOfRequest → PerRequest',
    ],
    [
      'an extra provider that the options are made of',
      { extraProviders: [PerRequest], inject: [PerRequest], useFactory },
      'PerRequest',
    ],
    [
      'an extra provider in place of the options',
      {
        useFactory,
        extraProviders: [{ provide: TICKET_OFFICE_OPTIONS, useFactory, scope: Scope.REQUEST }],
      },
      OPTIONS,
    ],
    [
      'an extra provider in place of the service',
      {
        useFactory,
        extraProviders: [{ provide: TicketService, useClass: TicketService, scope: Scope.REQUEST }],
      },
      'TicketService',
    ],
  ])('[A-7] does not boot: by %s', async (_, given, way) => {
    await refused(boot({ imports: [memory, TicketOfficeModule.forRootAsync(given)] }), way);
  });

  it('[A-7] does not boot by its data source', async () => {
    const name = 'box office';
    for (const [dataSource, token] of [
      ['default', 'DataSource'],
      [name, getDataSourceToken(name) as string],
    ] as const) {
      const database = TypeOrmModule.forRootAsync({
        name: dataSource,
        inject: [REQUEST],
        useFactory: () => typeorm,
      });
      const office = TicketOfficeModule.forRoot({ ...options, dataSource: dataSource });
      await refused(boot({ imports: [database, office] }), `${token} → TypeOrmModuleOptions → REQUEST`);
    }
  });

  it.for([
    ['the options', TICKET_OFFICE_OPTIONS, `${OPTIONS} → REQUEST`],
    ['the data source', DataSource, 'DataSource → REQUEST'],
    ['the service', TicketService, 'TicketService → REQUEST'],
  ] as const)('[A-7] does not boot by what a test puts in place of %s', async ([, token, way], { skip }) => {
    const isValue = token === TICKET_OFFICE_OPTIONS;
    skip(isValue && !isAtLeast('12.2.0', '@nestjs/core'), 'Nest calls no factory in place of a value');
    const booting = boot({ imports: [memory, TicketOfficeModule.forRoot(options)] }, (builder) =>
      builder.overrideProvider(token).useFactory({ inject: [REQUEST], factory: useFactory }),
    );
    await refused(booting, way);
  });
});

describe('A ticket office that does not depend on the request', () => {
  ownResources();

  @Injectable({ scope: Scope.TRANSIENT })
  class Transient extends Configuration {
    static made = 0;

    override createTicketOfficeOptions() {
      Transient.made += 1;
      return super.createTicketOfficeOptions();
    }
  }

  @Injectable()
  class Visits {
    constructor(readonly tickets: TicketService) {}
  }

  @Module({ providers: [Visits] })
  class VisitsModule {}

  it.each([
    ['a transient class', { useClass: Transient }],
    [
      'a transient provider in place of the options',
      {
        useFactory,
        extraProviders: [
          Transient,
          {
            provide: TICKET_OFFICE_OPTIONS,
            inject: [Transient],
            useFactory: (one: Transient) => one.createTicketOfficeOptions(),
            scope: Scope.TRANSIENT,
          },
        ],
      },
    ],
    [
      'a factory that injects its inquirer',
      {
        inject: [INQUIRER],
        useFactory: () => new Transient().createTicketOfficeOptions(),
      },
    ],
  ])('[A-7] is one, by %s', async (_, given) => {
    Transient.made = 0;
    const office = TicketOfficeModule.forRootAsync({
      isGlobal: true,
      ...(given as object as { useFactory: () => TicketOfficeOptions }),
    });
    const app = await boot({ imports: [memory, office, VisitsModule] });
    expect(Transient.made).toBe(1);
    const tickets = app.get(TicketService, { strict: false });
    expect(app.get(Visits, { strict: false }).tickets).toBe(tickets);
    for (const token of [TicketEvents, PasswordQueue]) {
      expect(await app.resolve(token, undefined, { strict: false })).toBe(app.get(token, { strict: false }));
    }
  });

  it('[A-7] opens no second one for a data source when its module is loaded again while the app runs', async ({
    skip,
  }) => {
    skip(!isAtLeast('11.2.10', '@nestjs/core'), 'Nest makes a module anew that it has already');
    const office = TicketOfficeModule.forRoot(options);
    const app = await boot({ imports: [memory, office] });
    const loader = app.get(LazyModuleLoader, { strict: false });
    const load = async (module: typeof office) =>
      (await loader.load(() => module, { logger: false })).get(TicketService, { strict: false });
    expect(await load(office)).toBe(app.get(TicketService));
    for (const anew of [1, 2]) {
      const issued = (await load(TicketOfficeModule.forRoot(options))).issue(visit);
      await expect(issued, String(anew)).rejects.toThrow(TicketOfficeConfigurationError);
      await expect(issued).rejects.toThrow('TicketOfficeModule was loaded again while the app runs');
    }
    expect((await app.get(TicketService).issue(visit)).ticket.uuid).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('[A-7] opens the first only of those that are loaded at once', async () => {
    const app = await boot({ imports: [memory] });
    const loader = app.get(LazyModuleLoader, { strict: false });
    const load = async () =>
      (await loader.load(() => TicketOfficeModule.forRoot(options), { logger: false })).get(TicketService);
    const loaded = [await load(), await load(), await load()];
    const issued = await Promise.allSettled(loaded.map((tickets) => tickets.issue(visit)));
    expect(issued.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });
});

@Controller({ scope: Scope.REQUEST })
class LouvreController {
  constructor(
    @Inject(REQUEST) readonly guest: object,
    private readonly tickets: TicketService,
  ) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(): string {
    return typeof this.tickets.issue;
  }
}

eachAdapter('Providers of the app that depend on the request', (adapter) => {
  it('[A-7] may use the ticket office', async () => {
    const { app, tickets } = await startApp(adapter, anyDatabase, { controllers: [LouvreController] });
    const { credentials } = await tickets.issue(visit);
    const answer = await request(app).get('/louvre').set(authorization(credentials));
    expect([answer.status, answer.text]).toEqual([200, 'function']);
  });
});
