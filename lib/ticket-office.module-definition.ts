import { ConfigurableModuleBuilder } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { EXTRAS, TICKET_OFFICE_OPTIONS, type TicketOfficeOptions } from './ticket-office.options.js';
import { isTicket } from './tickets/store/ticket.mapping.js';

/** Injection token of the app's data source with the tickets. */
export const TICKET_DATA_SOURCE = Symbol('TICKET_DATA_SOURCE');

/** Injection token of the entity of the table of tickets. */
export const TICKET_ENTITY = Symbol('TICKET_ENTITY');

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<TicketOfficeOptions>({ optionsInjectionToken: TICKET_OFFICE_OPTIONS })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createTicketOfficeOptions')
    .setExtras(EXTRAS, (definition, { isGlobal, dataSource, entity, extraProviders }) => ({
      ...definition,
      global: isGlobal,
      imports: [
        ...(definition.imports ?? []),
        // What is none is reported at boot.
        TypeOrmModule.forFeature(isTicket(entity) ? [entity] : [], dataSource),
      ],
      providers: [
        ...(definition.providers ?? []),
        { provide: TICKET_DATA_SOURCE, useExisting: getDataSourceToken(dataSource) },
        { provide: TICKET_ENTITY, useValue: entity },
        ...extraProviders,
      ],
    }))
    .build();
