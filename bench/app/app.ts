import 'reflect-metadata';
import { Controller, Get, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';

/** Controllers of the app, none of which requires a ticket. */
const CONTROLLERS = 50;

/** One of many, as an app has them: five routes. */
function controller(number: number): Type {
  @Controller(`rooms/${number}`)
  class RoomController {
    @Get()
    all() {
      return { room: number };
    }

    @Get(':id')
    one() {
      return { room: number };
    }

    @Get(':id/paintings')
    paintings() {
      return [];
    }

    @Get(':id/sculptures')
    sculptures() {
      return [];
    }

    @Get(':id/opening-hours')
    openingHours() {
      return { from: 9, to: 18 };
    }
  }
  return RoomController;
}

/** Starts the app, with the ticket office or without it. */
export async function startApp(
  office: typeof import('nestjs-ticketoffice') | undefined,
): Promise<INestApplication> {
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'better-sqlite3',
        database: ':memory:',
        autoLoadEntities: true,
        migrations: office?.ticketOfficeMigrations ?? [],
        migrationsRun: true,
      }),
      ...(office
        ? [office.TicketOfficeModule.forRoot({ secret: 'a secret of the benchmark, and of nothing else' })]
        : []),
    ],
    controllers: Array.from({ length: CONTROLLERS }, (_, number) => controller(number)),
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: ['error'], forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  return app;
}
