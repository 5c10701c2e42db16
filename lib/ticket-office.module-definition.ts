import { ConfigurableModuleBuilder, type Provider } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { TICKET_OFFICE_OPTIONS, type TicketOfficeOptions } from './ticket-office.options.js';
import { Ticket } from './tickets/ticket.entity.js';

/** The token of the app's data source that holds the tickets. */
export const TICKET_DATA_SOURCE = Symbol('TICKET_DATA_SOURCE');

const extras = {
  /** Whether every module of the app may use the ticket office without importing it. */
  isGlobal: false,
  /** The name of the TypeORM data source that holds the tickets. */
  dataSource: 'default',
  /** Providers that the module gets besides its own. */
  extraProviders: [] as Provider[],
};

/** What is set on the module itself, before any factory of options has run. */
export const EXTRA_NAMES = Object.keys(extras);

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<TicketOfficeOptions>({ optionsInjectionToken: TICKET_OFFICE_OPTIONS })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createTicketOfficeOptions')
    .setExtras(extras, (definition, { isGlobal, dataSource, extraProviders }) => ({
      ...definition,
      global: isGlobal,
      imports: [...(definition.imports ?? []), TypeOrmModule.forFeature([Ticket], dataSource)],
      providers: [
        ...(definition.providers ?? []),
        { provide: TICKET_DATA_SOURCE, useExisting: getDataSourceToken(dataSource) },
        ...extraProviders,
      ],
    }))
    .build();
