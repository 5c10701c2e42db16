import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from '../../lib/command-line/output.js';
import { Progress } from '../../lib/command-line/progress.js';

function progressOn({ isTTY, isJson = false }: { isTTY: boolean; isJson?: boolean }) {
  const written: string[] = [];
  const sink = (into: string[]) =>
    new Writable({ write: (chunk: Buffer, _, done) => (into.push(chunk.toString()), done()) });
  const results: string[] = [];
  const output = new Output(sink(results), Object.assign(sink(written), { isTTY }));
  output.isJson = isJson;
  return { written, results, progress: new Progress(output, 'tickets deleted') };
}

const CLEAR = '\r\u001B[K';

describe('Progress', () => {
  it('is a bar on a terminal, drawn over itself, and gone at the end', () => {
    const { written, progress } = progressOn({ isTTY: true });
    progress.update(0, 200);
    progress.update(100, 200);
    progress.update(200, 200);
    progress.end();
    expect(written).toEqual([
      `${CLEAR}[${' '.repeat(30)}] 0 of 200 tickets deleted`,
      `${CLEAR}[${'='.repeat(15)}${' '.repeat(15)}] 100 of 200 tickets deleted`,
      `${CLEAR}[${'='.repeat(30)}] 200 of 200 tickets deleted`,
      CLEAR,
    ]);
  });

  it('is a mark that moves on a terminal, when nobody knows the total', () => {
    const { written, progress } = progressOn({ isTTY: true });
    progress.update(0);
    progress.update(500);
    expect(written).toEqual([
      `${CLEAR}[=${' '.repeat(29)}] 0 tickets deleted`,
      `${CLEAR}[     =${' '.repeat(24)}] 500 tickets deleted`,
    ]);
  });

  it('never leaves its frame', () => {
    const { written, progress } = progressOn({ isTTY: true });
    for (const [done, total] of [[0, 0], [5, 3], [299_999_999], [2900]] as [number, number?][])
      progress.update(done, total);
    for (const text of written) expect(/\[([ =]*)\]/.exec(text)![1]).toHaveLength(30);
  });

  it('is a line every ten thousand elsewhere', () => {
    const { written, progress } = progressOn({ isTTY: false });
    for (const done of [0, 500, 9_999, 10_000, 10_500, 31_000, 31_500]) progress.update(done);
    progress.end();
    expect(written).toEqual(['10000 tickets deleted\n', '31000 tickets deleted\n']);
  });

  it('is nothing with --json', () => {
    for (const isTTY of [true, false]) {
      const { written, results, progress } = progressOn({ isTTY, isJson: true });
      progress.update(50_000);
      progress.end();
      expect([...written, ...results]).toEqual([]);
    }
  });
});
