import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from '../support/built-package.js';

const LOADED =
  'then(({ TestClock }) => console.log(typeof TestClock), ({ name, message }) => console.log(name, message))';
const PROGRAMS = {
  import: `import('nestjs-ticketoffice/testing').${LOADED}`,
  require: `new Promise((resolve) => resolve(require('nestjs-ticketoffice/testing'))).${LOADED}`,
};

async function load(how: keyof typeof PROGRAMS, NODE_ENV: string): Promise<string> {
  const options = { cwd: root, env: { ...process.env, NODE_ENV } };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAMS[how]], options);
  return stdout;
}

describe.each(['import', 'require'] as const)('nestjs-ticketoffice/testing, by %s', (how) => {
  it('refuses to load in production', async () => {
    expect(await load(how, 'production')).toMatch(
      /^TicketOfficeConfigurationError nestjs-ticketoffice\/testing does not load where NODE_ENV is production/,
    );
  });

  it('loads everywhere else', async () => {
    expect(await load(how, 'test')).toBe('function\n');
    expect(await load(how, '')).toBe('function\n');
  });
});
