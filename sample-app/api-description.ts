import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { documentTickets } from 'nestjs-ticketoffice/swagger';

const config = new DocumentBuilder()
  .setTitle('The Louvre')
  .setDescription('What a guest can do with a ticket. The box office issues them.')
  .setVersion('1')
  .build();

/** Swagger UI with the routes that guests use; the pages of the box office, and forms that need no ticket, are left out. */
export function describeApi(app: INestApplication, path: string): void {
  SwaggerModule.setup(path, app, documentTickets(app, SwaggerModule.createDocument(app, config)));
}
