import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { MuseumModule } from './museum.module.js';

async function bootstrap() {
  const app =
    process.env.ADAPTER === 'fastify'
      ? await NestFactory.create(MuseumModule, new FastifyAdapter())
      : await NestFactory.create(MuseumModule);
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
  console.log(`The museum is open: ${await app.getUrl()}`);
}
void bootstrap();
