import { Test, type TestingModule } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule, type TicketOfficeOptions } from 'nestjs-ticketoffice';
import { anyDatabase } from '../support/app.js';
import type { Gallery } from './gallery.js';

/** Boots an app with these options, or tries to, beside a gallery whose logger it has. */
export async function boot({ logger }: Gallery, options: TicketOfficeOptions): Promise<TestingModule> {
  const imports = [
    TypeOrmModule.forRoot(anyDatabase.options({ autoLoadEntities: true, synchronize: true })),
    TicketOfficeModule.forRoot(options),
  ];
  return (await Test.createTestingModule({ imports }).setLogger(logger).compile()).init();
}
