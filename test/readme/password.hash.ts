import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, string, number, Buffer>(scrypt);

/** Stands for the way in which an app keeps its passwords: of one salt, so that a test can tell what was kept. */
export const hashOf = async (password: string): Promise<string> =>
  (await derive(password, 'salt', 32)).toString('base64url');
