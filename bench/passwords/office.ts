import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ticketOfficeMigrations, TicketOfficeModule } from 'nestjs-ticketoffice';
import { POOL_SIZE, SECRET } from '../settings.js';
import { CONCURRENCY, COST } from './plan.js';

/** A ticket office whose desk for passwords is as the {@link Plan} says. */
@Module({})
export class Office {
  static on(url: string, controllers: Type[] = []): DynamicModule {
    const database = TypeOrmModule.forRoot({
      type: 'postgres',
      url,
      poolSize: POOL_SIZE,
      autoLoadEntities: true,
      migrations: ticketOfficeMigrations,
      migrationsRun: true,
    });
    const argon2 = { ...COST, concurrency: CONCURRENCY };
    const office = TicketOfficeModule.forRoot({ isGlobal: true, secret: SECRET, argon2 });
    return { module: Office, imports: [database, office], controllers };
  }
}
