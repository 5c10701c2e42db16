import { NestFactory } from '@nestjs/core';
import { MuseumModule } from './museum.module.js';

const app = await NestFactory.create(MuseumModule);
await app.listen(process.env.PORT ?? 3000);
