import 'nestjs-ticketoffice';
import { getMetadataArgsStorage } from 'typeorm';

// Runs before each spec file, after test/support/spec-file.setup.ts, which has TypeORM forget the entities of the file
// before. Those of the package must stay: Node.js loads it only once for all files that a process runs.

type Registered = Record<string, unknown[]>;
const storage = getMetadataArgsStorage() as unknown as Registered;
const copyOf = (lists: Registered): Registered =>
  Object.fromEntries(
    Object.entries(lists)
      .filter(([, list]) => Array.isArray(list))
      .map(([name, list]) => [name, [...list]]),
  );

const worker = globalThis as { registeredByPackage?: Registered };
worker.registeredByPackage ??= copyOf(storage);
Object.assign(storage, copyOf(worker.registeredByPackage));
