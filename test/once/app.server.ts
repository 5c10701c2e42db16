import type { INestApplication } from '@nestjs/common';
import { afterwards } from '../support/suite-scope.js';
import { portOf, startApp } from './app.js';
import type { AppSettings } from './app.settings.js';
import { hold, letAllGo, letGo, type Point } from './checkpoints.js';

/** An app that guests come to, in this process or in another. */
export interface AppServer {
  readonly name: string;
  readonly port: number;
  /** Holds whoever reaches the point with the ticket, once it resolves; `arrived` is called for each. */
  hold(point: Point, uuid: string, arrived?: () => unknown): Promise<void>;
  letGo(point: Point, uuid: string): void;
}

/** Opens an app in this process; it closes after the test, or after the block. */
export async function startServer(settings: AppSettings): Promise<AppServer & { app: INestApplication }> {
  const app = await startApp(settings);
  afterwards(() => {
    letAllGo();
    return app.close();
  });
  return {
    app,
    name: settings.name,
    port: portOf(app),
    hold: async (point, uuid, arrived = () => undefined) => hold(point, uuid, arrived),
    letGo,
  };
}
