import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { MuseumModule } from './museum.module.js';
import { visits } from '../test/visits.js';

describe.each(['Express', 'Fastify'])('the museum on %s', (adapter) => {
  let app: INestApplication;

  beforeAll(async () => {
    const testing = await Test.createTestingModule({ imports: [MuseumModule] }).compile();
    app =
      adapter === 'Fastify'
        ? testing.createNestApplication(new FastifyAdapter())
        : testing.createNestApplication();
    await app.listen(0, '127.0.0.1');
  });

  afterAll(() => app.close());

  let url: string | undefined;
  visits(() => (url ??= `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`));
});
