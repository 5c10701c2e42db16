import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf, CommandLineError } from '../failure.js';
import { escaped } from '../output.js';

/** Which process a lock is of. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Since the boot of the machine: another process has the pid by now. Only Linux says it. */
  readonly started: string | null;
}

/**
 * A file that keeps a second run from the same output. A run that was killed leaves it: the next one takes it over, and
 * learns from it that the last batch may be missing in the database.
 */
export class ProcessLock {
  private constructor(
    private readonly file: string,
    private readonly text: string,
    /** Whether the run before has not ended by itself. */
    readonly wasLeft: boolean,
  ) {}

  /** @throws CommandLineError when another process holds it */
  static async acquire(file: string): Promise<ProcessLock> {
    const own: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
    const text = `${JSON.stringify({ ...own, run: randomUUID() })}\n`;
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, text, { mode: 0o600 });
    try {
      while (!(await linked(temporary, file))) {
        const found = await readFile(file, 'utf8').catch(() => undefined);
        if (found === undefined) continue;
        assertLeft(file, found);
        await takeAway(file, found);
      }
      // Until the new lock is there, the old one stays: this process may be killed, too.
      const wasLeft = await rm(leftOf(file)).then(
        () => true,
        () => false,
      );
      return new ProcessLock(file, text, wasLeft);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** @throws CommandLineError when another run has taken it over, as two that found it left at once might */
  async assertHeld(): Promise<void> {
    const found = await readFile(this.file, 'utf8').catch(() => undefined);
    if (found !== this.text) throw new CommandLineError(`another run has taken over ${escaped(this.file)}`);
  }

  release(): Promise<void> {
    return rm(this.file, { force: true });
  }
}

const linked = (from: string, to: string): Promise<boolean> =>
  link(from, to).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    },
  );

const leftOf = (file: string): string => `${file}.left`;

/** By a rename, which only one of several processes does; it may have got a newer lock by it, and gives that back. */
async function takeAway(file: string, left: string): Promise<void> {
  const isDone = await rename(file, leftOf(file)).then(
    () => true,
    () => false,
  );
  if (isDone && (await readFile(leftOf(file), 'utf8')) !== left) await linked(leftOf(file), file);
}

function assertLeft(file: string, text: string): void {
  const { pid, host, started } = holderOf(text);
  const name = escaped(file);
  if (pid === undefined) return;
  if (host !== hostname()) {
    const advice = `once that has ended, empty ${name} and run the command again`;
    throw new CommandLineError(`process ${pid} on ${escaped(String(host))} writes the output: ${advice}`);
  }
  // A container's processes have the same few pids each time.
  if (pid === process.pid || !isAlive(pid) || (started ?? null) !== startOf(pid)) return;
  throw new CommandLineError(`another run, process ${pid}, writes the output: wait for its end (${name})`);
}

/** Nothing where the file is empty: somebody has said so, for a process on another host. */
function holderOf(text: string): Partial<Holder> {
  try {
    const holder = Object(JSON.parse(text)) as Partial<Holder>;
    return Number.isSafeInteger(holder.pid) ? holder : {};
  } catch {
    return {};
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // There, and another user's.
    return codeOf(error) === 'EPERM';
  }
}

/** The 22nd field of proc(5)'s `stat`: the name before it may have blanks and brackets. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...others] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // A zombie is over.
    return state === 'Z' ? null : (others[18] ?? null);
  } catch {
    return null;
  }
}
