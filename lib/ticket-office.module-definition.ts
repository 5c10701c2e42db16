import { ConfigurableModuleBuilder } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { EXTRAS, TICKET_OFFICE_OPTIONS, type TicketOfficeOptions } from './ticket-office.options.js';
import { Ticket } from './tickets/ticket.entity.js';

/** Injection token of the app's data source with the tickets. */
export const TICKET_DATA_SOURCE = Symbol('TICKET_DATA_SOURCE');

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<TicketOfficeOptions>({ optionsInjectionToken: TICKET_OFFICE_OPTIONS })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createTicketOfficeOptions')
    .setExtras(EXTRAS, (definition, { isGlobal, dataSource, extraProviders }) => ({
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
