import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { IssuedTicket } from '../../tickets/issuing/ticket.drafts.js';
import { codeOf, messageOf, usageError } from '../failure.js';
import { escaped } from '../output.js';

/** Has secrets. */
const MODE = 0o600;

/** The output: the rows of the input, and for each its ticket. Every row is on the disk before its ticket is issued. */
export class LinksFile {
  private constructor(
    private readonly file: FileHandle,
    private size: number,
  ) {}

  /**
   * Opens it for writing, and cuts off what is beyond a size.
   *
   * @param size none for a file that is to be made
   */
  static async open(path: string, size: number, header: readonly string[]): Promise<LinksFile> {
    const file = await open(path, 'r+').catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw unwritable(path, error);
      return created(path);
    });
    const links = new LinksFile(file, size);
    await links.cut(size);
    if (size === 0) await links.append([header]);
    return links;
  }

  /**
   * Resolves once the rows are on the disk; writes all of them, or none.
   *
   * @returns how to remove them again
   */
  async append(rows: readonly (readonly string[])[]): Promise<() => Promise<void>> {
    const { size } = this;
    const bytes = Buffer.from(csvText(rows));
    try {
      for (let done = 0; done < bytes.length;)
        done += (await this.file.write(bytes, done, bytes.length - done, size + done)).bytesWritten;
      await this.file.sync();
    } catch (error) {
      await this.cut(size).catch(() => undefined);
      throw error;
    }
    this.size += bytes.length;
    return () => this.cut(size);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async cut(size: number): Promise<void> {
    await this.file.truncate(size);
    await this.file.sync();
    this.size = size;
  }
}

/** As this file has them: LF ends a row, and a cell that needs quotes has them. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  stringify([...rows] as string[][], { record_delimiter: '\n', quoted_match: /[\r\n]/ });

/** @param link where the output has links; it has passwords otherwise */
export const addedHeaders = (link: unknown): string[] => [
  'uuid',
  link === undefined ? 'password' : 'link',
  'expiresAt',
];

export const addedCells = (
  { ticket: { uuid, expiresAt }, credentials: { password } }: IssuedTicket,
  link: string | undefined,
): string[] => [uuid, link ?? password, expiresAt?.toISOString() ?? ''];

/**
 * Its bytes; nothing when there is no such file.
 *
 * @throws CommandLineError when it can be no output: a folder, for example, or the input
 */
export async function outputSize(path: string, input: string): Promise<number | undefined> {
  const [found, source] = await Promise.all([stat(path).catch(noFile), stat(input)]);
  const folder = await stat(dirname(path)).catch(noFile);
  if (!folder?.isDirectory()) throw usageError(`there is no folder ${escaped(dirname(path))}: make it`);
  if (!found) return undefined;
  if (!found.isFile()) throw usageError(`${escaped(path)} is no file: write another --out`);
  if (found.ino === source.ino && found.dev === source.dev)
    throw usageError(`${escaped(path)} is the input: write another --out`);
  return found.size;
}

function noFile(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw usageError(messageOf(error), error);
}

async function created(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx', MODE).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  // Else a power failure could leave the tickets, and no name of the file.
  const folder = await open(dirname(path), 'r').catch(() => undefined);
  // Windows does not do it for folders.
  await folder?.sync().catch(() => undefined);
  await folder?.close();
  return file;
}

const unwritable = (path: string, error: unknown): Error =>
  usageError(`cannot write ${escaped(path)}: ${messageOf(error)}`, error);
