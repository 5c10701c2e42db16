import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Environment } from './nest.apps.js';

/** A code block of the tutorial: a file, commands to type, or what these print. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that the prose before the block names last: where a block of TypeScript goes. */
  readonly file: string | undefined;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The numbered sections of a page, with their blocks. */
export function sectionsOf(page: string): Section[] {
  const [, ...sections] = page.split(/^## (?=\d)/m);
  return sections.map((section) => {
    const parts = section.split(/^```(?:(\w+)\n|$)/m);
    const blocks = parts.flatMap((text, index) => {
      const language = parts[index - 1];
      if (index % 4 !== 2 || language === undefined) return [];
      const file = [...parts[index - 2]!.matchAll(/`(src\/[\w.]+)`/g)].at(-1)?.[1];
      return [{ language, text, file }];
    });
    return { title: section.split('\n')[0]!, blocks };
  });
}

/** Somebody who types what the tutorial says, with two terminals. */
export class Reader {
  /** What the last commands have printed. */
  printed = '';
  private server: ChildProcess | undefined;

  constructor(
    private folder: string,
    private readonly env: Environment,
    /** From what the tutorial says to what it means here. */
    readonly translate: (text: string) => string,
  ) {}

  /** @throws Error with what a command printed, when it fails */
  async follow({ language, text, file }: Block): Promise<void> {
    const translated = this.translate(text);
    if (language === 'ts') await writeFile(join(this.folder, file!), translated);
    if (language !== 'sh') return;
    if (translated.startsWith('npm start')) await this.start(translated);
    else await this.type(translated);
  }

  /** Ctrl-C in the first terminal. */
  async interrupt(): Promise<void> {
    if (!this.server) return;
    const exited = once(this.server, 'exit');
    process.kill(-this.server.pid!, 'SIGINT');
    this.server = undefined;
    await exited;
  }

  private async type(commands: string): Promise<void> {
    const running = promisify(execFile)('bash', ['-ec', `${commands}\necho; pwd`], {
      cwd: this.folder,
      env: this.env,
      maxBuffer: Infinity,
    });
    // As from a script: NestJS's command line asks nothing then.
    running.child.stdin!.end();
    const [folder, ...lines] = (await running).stdout.trimEnd().split('\n').toReversed();
    this.folder = folder!;
    this.printed = lines.toReversed().join('\n').trim();
  }

  /** Resolves once the app says that it has started. */
  private async start(command: string): Promise<void> {
    await this.interrupt();
    this.printed = '';
    this.server = spawn('bash', ['-ec', command], {
      cwd: this.folder,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const printed: string[] = [];
    this.server.stderr!.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    for await (const line of createInterface(this.server.stdout!)) {
      printed.push(line);
      if (!line.includes('Nest application successfully started')) continue;
      // Nobody reads on, and a full pipe would stop the app.
      this.server.stdout!.resume();
      return;
    }
    throw new Error(`The app did not start:\n${printed.join('\n')}`);
  }
}
