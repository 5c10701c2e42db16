import 'reflect-metadata';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule, TicketService } from 'nestjs-ticketoffice';
import { connectionTo } from '../database.js';
import { SECRET } from '../settings.js';
import { KEEP } from './table.js';

@Module({})
class CleaningBench {}

/** A ticket office on the bench's database, in this process. */
export async function openOffice(url: string): Promise<{ tickets: TicketService; close(): Promise<void> }> {
  const app: INestApplicationContext = await NestFactory.createApplicationContext(
    {
      module: CleaningBench,
      imports: [
        TypeOrmModule.forRoot(connectionTo(url)),
        TicketOfficeModule.forRoot({ secret: SECRET, cleaning: { keep: KEEP } }),
      ],
    },
    { logger: ['error', 'warn'] },
  );
  return { tickets: app.get(TicketService), close: () => app.close() };
}
