import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';

// The launcher is gone, or has told it to stop: the app's shutdown hooks end it after its handlers.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

try {
  // Imported here, not above: settings are checked while the modules load.
  const { createMuseum } = await import('../application.js');
  const app = await createMuseum();
  await app.listen(0, '127.0.0.1');
  process.send?.({ port: (app.getHttpServer().address() as AddressInfo).port });
} catch (error) {
  new Logger('Museum').error(`This node stays closed: ${String(error)}`);
  process.exit(1);
}
