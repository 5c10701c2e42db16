import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { MuseumController } from './museum.controller.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      database: 'museum.sqlite',
      autoLoadEntities: true,
      migrations: ticketOfficeMigrations,
      migrationsRun: true,
    }),
    TicketOfficeModule.forRoot({
      isGlobal: true,
      secret: process.env.TICKET_OFFICE_SECRET!, // openssl rand -base64 32
      baseUrl: 'http://localhost:3000',
    }),
  ],
  controllers: [MuseumController],
})
export class MuseumModule {}
