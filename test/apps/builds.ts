import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { beforeAll, describe } from 'vitest';
import { visits } from './museum/test/visits.js';
import type { NestApp } from './nest.apps.js';

/** Builds an app by each of the builders of `nest build`, starts it, and visits it. */
export function eachBuild(builders: readonly string[], app: () => NestApp): void {
  describe.each(builders)('built by %s', (builder) => {
    beforeAll(() => app().run('npx', 'nest', 'build', '--builder', builder));

    describe.each(['express', 'fastify'])('on %s', (adapter) => {
      let url: string;

      beforeAll(async () => {
        const started = await start(app(), adapter);
        ({ url } = started);
        return started.stop;
      });

      visits(() => url);
    });
  });
}

interface StartedApp {
  readonly url: string;
  stop: () => Promise<void>;
}

/**
 * Starts a built app with the Node.js of this run; resolves once it listens.
 * @throws Error with what the app printed, when it ends before
 */
async function start({ folder, env }: NestApp, adapter: string): Promise<StartedApp> {
  const child = spawn(process.execPath, ['dist/main'], {
    cwd: folder,
    env: { ...env, ADAPTER: adapter, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const printed: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const stop = async () => {
    child.kill();
    await exited;
  };
  for await (const line of createInterface(child.stdout)) {
    const url = /^The museum is open: (\S+)$/.exec(line)?.[1];
    if (url) {
      // Nobody reads on, and a full pipe would stop the app.
      child.stdout.resume();
      return { url, stop };
    }
    printed.push(line);
  }
  throw new Error(`The app did not start:\n${printed.join('\n')}`);
}
