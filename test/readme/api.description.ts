import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { documentTickets } from 'nestjs-ticketoffice/swagger';

export function describeApi(app: INestApplication): void {
  const config = new DocumentBuilder().setTitle('Museum').build();
  const document = SwaggerModule.createDocument(app, config);
  SwaggerModule.setup('api', app, documentTickets(app, document));
}
