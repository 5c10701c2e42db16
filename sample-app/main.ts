import 'reflect-metadata';
import { Logger } from '@nestjs/common';

/** Faults in the settings or the environment, which need no stack trace. */
const isSetupError = (error: Error) => 'code' in error || error.name.endsWith('ConfigurationError');

try {
  // Imported here, not above: settings are checked while the modules load, and a faulty one is logged in one line.
  const { openMuseum } = await import('./application.js');
  await openMuseum();
} catch (cause) {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  new Logger('Museum').error(
    `The Louvre stays closed: ${error.message}`,
    isSetupError(error) ? undefined : error.stack,
  );
  process.exit(1);
}
