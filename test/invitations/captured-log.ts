import { Logger } from '@nestjs/common';
import { afterwards } from '../support/suite-scope.js';

/** What Nest's log has been given. */
export interface LogEntry {
  level: 'error' | 'warn';
  text: string;
  error: unknown;
}

/** Listens to Nest's log from now to the end of the test: to be called when all apps of the test have started. */
export function captureLog(): LogEntry[] {
  const logged: LogEntry[] = [];
  const hear = (level: LogEntry['level']) => (text: string, error: unknown) =>
    void logged.push({ level, text, error });
  Logger.overrideLogger({ error: hear('error'), warn: hear('warn'), log() {} });
  afterwards(() => Logger.overrideLogger(false));
  return logged;
}
