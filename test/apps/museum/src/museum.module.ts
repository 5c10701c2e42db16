import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { AccountController } from '../../../readme/account.controller.js';
import { Account } from '../../../readme/account.entity.js';
import { MuseumController } from '../../../readme/museum.controller.js';
import { BoxOfficeController } from './box-office.controller.js';
import { CreateAccounts1700000000000 } from './create-accounts.migration.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL,
      autoLoadEntities: true,
      migrations: [...ticketOfficeMigrations, CreateAccounts1700000000000],
      migrationsRun: true,
      retryAttempts: 0,
    }),
    TypeOrmModule.forFeature([Account]),
    TicketOfficeModule.forRoot({
      isGlobal: true,
      secret: 'a secret for the tests, and nothing else',
      baseUrl: 'http://localhost:3000',
    }),
  ],
  controllers: [MuseumController, AccountController, BoxOfficeController],
})
export class MuseumModule {}
