import 'reflect-metadata';
import { Logger } from '@nestjs/common';

/** What whoever starts the museum can put right, and needs no stack trace for. */
const isPlain = (error: Error) => 'code' in error || error.name.endsWith('ConfigurationError');

try {
  // Imported here, not above: a faulty setting is found while the modules load, and is told in one line.
  const { openMuseum } = await import('./application.js');
  await openMuseum();
} catch (cause) {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  new Logger('Museum').error(
    `The Louvre stays closed: ${error.message}`,
    isPlain(error) ? undefined : error.stack,
  );
  process.exit(1);
}
