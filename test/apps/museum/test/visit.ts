import type { INestApplication } from '@nestjs/common';
import type { Credentials } from 'nestjs-ticketoffice';
import request from 'supertest';

/** Visits the Louvre; resolves to the status and, for a refusal, its code. */
export async function visit(app: INestApplication, { uuid, password }: Credentials) {
  const response = await request(app.getHttpServer())
    .get('/louvre')
    .set('Authorization', `Ticket ${uuid}:${password}`);
  return [response.status, (response.body as { errorCode?: string }).errorCode];
}
