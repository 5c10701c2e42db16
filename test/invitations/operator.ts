import { Logger } from '@nestjs/common';
import { afterwards } from '../support/suite-scope.js';

/** What the app's operator is told. */
export interface Told {
  level: 'error' | 'warn';
  text: string;
  error: unknown;
}

/** Listens to Nest's log from now to the end of the test: to be called when all apps of the test have started. */
export function listenIn(): Told[] {
  const told: Told[] = [];
  const hear = (level: Told['level']) => (text: string, error: unknown) =>
    void told.push({ level, text, error });
  Logger.overrideLogger({ error: hear('error'), warn: hear('warn'), log() {} });
  afterwards(() => Logger.overrideLogger(false));
  return told;
}
