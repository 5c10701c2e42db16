import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';

/**
 * The secret of this working copy, made at the first start and kept in a file that git ignores: links survive a restart
 * without any configuration. Not for production, where the secret comes from outside.
 */
export function developmentSecret(directory: string): string {
  const file = join(directory, '.secret');
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
    new Logger('Museum').log(`Made a development secret in ${file} (TICKET_OFFICE_SECRET overrides it)`);
  }
  return readFileSync(file, 'utf8').trim();
}
