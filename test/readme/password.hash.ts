import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, string, number, Buffer>(scrypt);

/** Stands for an app's own password hashing; with a fixed salt, so that a test can compare. */
export const hashOf = async (password: string): Promise<string> =>
  (await derive(password, 'salt', 32)).toString('base64url');
