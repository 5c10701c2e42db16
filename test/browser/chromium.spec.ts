import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { browserReport, findChromium, isBrowserRequired } from './chromium.js';

/** A folder with an empty program of each name. */
async function folderOf(...names: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'browsers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of names) await writeFile(join(folder, name), '', { mode: 0o755 });
  return folder;
}

describe('the browser of a run', () => {
  it('is the one that CHROMIUM_PATH names, or the first of the usual names on PATH', async () => {
    const [one, other] = [
      await folderOf('google-chrome', 'chromium'),
      await folderOf('chromium-headless-shell'),
    ];
    const PATH = [one, other].join(delimiter);
    expect(findChromium({ PATH })).toBe(join(other, 'chromium-headless-shell'));
    expect(findChromium({ PATH: one })).toBe(join(one, 'chromium'));
    expect(findChromium({ PATH, CHROMIUM_PATH: join(one, 'google-chrome') })).toBe(
      join(one, 'google-chrome'),
    );
  });

  it('is none where there is no program, and the report says how to get one', async () => {
    const folder = await folderOf('chromium');
    await chmod(join(folder, 'chromium'), 0o644);
    expect(findChromium({ PATH: folder })).toBeNull();
    expect(findChromium({ PATH: '' })).toBeNull();
    expect(browserReport(null, '')).toMatch(
      /^skipped: browser .*apt-get install chromium-headless-shell \(or chromium\)/,
    );
    // One that is named and not there is not replaced by another.
    const CHROMIUM_PATH = join(folder, 'nowhere');
    expect(findChromium({ PATH: await folderOf('chromium'), CHROMIUM_PATH })).toBeNull();
    expect(browserReport(null, CHROMIUM_PATH)).toContain(CHROMIUM_PATH);
  });

  it('is required by one word, and by no other', () => {
    expect([isBrowserRequired(''), isBrowserRequired('required')]).toEqual([false, true]);
    expect(() => isBrowserRequired('yes')).toThrow(/write `required`/);
  });
});
