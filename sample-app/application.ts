import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { describeApi } from './api-description.js';
import { AppModule } from './app.module.js';
import { configuration } from './configuration.js';
import { databaseName } from './data-source.js';
import { accessLog } from './site/access-log.middleware.js';
import { allowSwaggerUi, securityHeaders } from './site/security-headers.middleware.js';
import { useViews } from './site/view.engine.js';

/** Where the description of the museum's API is. */
const API = '/api';

/** The application, set up but not listening: tests start it, too. */
export async function createMuseum(): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { abortOnError: false });
  setUp(app);
  app.enableShutdownHooks();
  return app;
}

/** Starts the museum. */
export async function openMuseum(): Promise<void> {
  const { host, port, baseUrl } = configuration;
  const app = await createMuseum();
  await app.listen(port, host);
  new Logger('Museum').log(`The Louvre is open at ${baseUrl} (${databaseName})`);
}

function setUp(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.set('trust proxy', configuration.trustedProxies);
  app.use(accessLog);
  app.use(securityHeaders);
  app.use(API, allowSwaggerUi);
  app.useStaticAssets(join(import.meta.dirname, 'public'));
  useViews(app);
  describeApi(app, API);
}
