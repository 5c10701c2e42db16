import { Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { globalModulesWith, modulesOf } from '../nest.internals.js';
import { TicketOfficeModule } from '../ticket-office.module.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

/**
 * Rejects, at boot, a test with another ticket office than that of TicketOfficeTestingModule: neither would know the
 * other's tickets, and each guard would ask one or the other.
 */
@Module({})
export class OneOfficeCheck {
  constructor(modules: ModulesContainer) {
    assertOneOffice(modules);
  }
}

/** @throws TicketOfficeConfigurationError for a second ticket office */
export function assertOneOffice(modules: ModulesContainer): void {
  if (modulesOf(modules, TicketOfficeModule).length > 1)
    throw new TicketOfficeConfigurationError(
      'This test has two ticket offices, and neither knows the tickets of the other: that of TicketOfficeTestingModule, and ' +
        "one more TicketOfficeModule, the app's own perhaps. Import the app alone, and replace its options: " +
        '.overrideProvider(TICKET_OFFICE_OPTIONS).useValue(TicketOfficeTestingModule.options({ … })); or import TicketOfficeTestingModule ' +
        'once, and of the app only modules that do not import TicketOfficeModule',
    );
}

/** @throws TicketOfficeConfigurationError for a default data source beside the one that is made here */
export function assertOneDataSource(modules: ModulesContainer): void {
  if (globalModulesWith(modules, getDataSourceToken()).length > 1)
    throw new TicketOfficeConfigurationError(
      'This test has two default data sources, of which one would be used for everything: the database that ' +
        "TicketOfficeTestingModule.forRoot() makes, and that of a TypeOrmModule.forRoot(), the app's own perhaps. Write " +
        "TicketOfficeTestingModule.forRoot({ dataSource: 'default' }) to keep the tickets in the latter, or leave the latter out",
    );
}
