import { NestFactory } from '@nestjs/core';
import { MuseumModule } from './museum.module.js';

const app = await NestFactory.create(MuseumModule);
app.enableShutdownHooks(); // so that a deploy waits for handlers, and stamps their tickets
await app.listen(process.env.PORT ?? 3000);
