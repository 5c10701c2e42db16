import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule } from 'nestjs-ticketoffice';
import { connectionTo } from '../database.js';
import { SECRET } from '../settings.js';
import { CONCURRENCY, COST } from './plan.js';

/** A ticket office with the plan's argon2 settings. */
@Module({})
export class Office {
  static on(url: string, controllers: Type[] = []): DynamicModule {
    const database = TypeOrmModule.forRoot(connectionTo(url));
    const argon2 = { ...COST, concurrency: CONCURRENCY };
    const office = TicketOfficeModule.forRoot({ isGlobal: true, secret: SECRET, argon2 });
    return { module: Office, imports: [database, office], controllers };
  }
}
