import { once } from 'node:events';
import { Logger } from '@nestjs/common';

// From the beginning: a signal while the nodes start must not leave a database behind.
const stopped = Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));

try {
  // Imported here, not above: settings are checked while the modules load, and a faulty one is logged in one line.
  const { Cluster } = await import('./cluster.js');
  const cluster = await Cluster.open();
  await stopped;
  await cluster.close();
  process.exit();
} catch (error) {
  new Logger('Cluster').error(`The Louvre stays closed: ${(error as Error).message}`);
  process.exit(1);
}
