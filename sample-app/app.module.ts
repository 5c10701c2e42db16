import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Request } from 'express';
import { type PageContext, Ticket, TicketOfficeModule } from 'nestjs-ticketoffice';
import { Account } from './account/account.entity.js';
import { AccountService } from './account/account.service.js';
import { LoginController } from './account/login.controller.js';
import { PasswordController } from './account/password.controller.js';
import { BoxOfficeController } from './box-office/box-office.controller.js';
import { BoxOfficePage } from './box-office/box-office.page.js';
import { GuestListController } from './box-office/guest-list.controller.js';
import { BoxOfficeService } from './box-office/box-office.service.js';
import { ActionsController } from './box-office/actions.controller.js';
import { TicketChanges } from './box-office/ticket.changes.js';
import { TicketDelivery } from './box-office/ticket.delivery.js';
import { TicketList } from './box-office/ticket.list.js';
import { configuration } from './configuration.js';
import { dataSource } from './data-source.js';
import { DoorController } from './door/door.controller.js';
import { LouvreController } from './louvre/louvre.controller.js';
import { openDataSource } from './open-data-source.js';
import { ReportController } from './report/report.controller.js';
import { addressThrottle } from './site/address-throttle.js';
import { ProblemFilter } from './site/problem.filter.js';
import { refusedPage } from './site/refused.page.js';
import { renderer } from './site/view.engine.js';

/** For refusals by the library's guard, and for handlers that cannot claim their ticket. */
const refused = (page: PageContext, request: object) =>
  renderer('refused')(refusedPage(page, request as Request));

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => ({ ...dataSource.options, retryAttempts: 0 }),
      dataSourceFactory: (options) => openDataSource(options!),
    }),
    TypeOrmModule.forFeature([Ticket, Account]),
    ThrottlerModule.forRoot(addressThrottle(configuration.requestsPerMinute, 60_000)),
    TicketOfficeModule.forRoot({
      isGlobal: true,
      secret: configuration.secret,
      baseUrl: configuration.baseUrl,
      // The library has pages of its own; these look like the rest of the museum.
      pages: { unauthorized: refused, forbidden: refused, confirm: renderer('confirm') },
    }),
  ],
  controllers: [
    BoxOfficeController,
    ActionsController,
    GuestListController,
    LouvreController,
    PasswordController,
    LoginController,
    ReportController,
    DoorController,
  ],
  providers: [
    BoxOfficeService,
    BoxOfficePage,
    TicketDelivery,
    TicketList,
    TicketChanges,
    AccountService,
    { provide: APP_FILTER, useClass: ProblemFilter },
    // Guards of the app run before every InvitationGuard: a request refused here is neither checked nor counted as a guess.
    { provide: APP_GUARD, useClass: ThrottlerGuard },
  ],
})
export class AppModule {}
