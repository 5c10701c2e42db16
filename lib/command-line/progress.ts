import type { Output } from './output.js';

/** Where there is no terminal: one line for each so many that are done. */
const LINE_EVERY = 10_000;
const WIDTH = 30;

/** Shows the progress of long work: a bar on a terminal, lines elsewhere, nothing with `--json`. */
export class Progress {
  private lines = 0;
  private isDrawn = false;

  /** @param what is counted, such as `tickets deleted` */
  constructor(
    private readonly output: Output,
    private readonly what: string,
  ) {}

  /** @param total where it is known: the bar then fills, and otherwise runs */
  update(done: number, total?: number): void {
    if (this.output.isJson) return;
    const text = `${done}${total === undefined ? '' : ` of ${total}`} ${this.what}`;
    if (this.output.onTerminal) return this.draw(`${bar(done, total)} ${text}`);
    if (Math.floor(done / LINE_EVERY) <= this.lines) return;
    this.lines = Math.floor(done / LINE_EVERY);
    this.output.note(text);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.isDrawn) this.output.overwrite('');
    this.isDrawn = false;
  }

  private draw(line: string): void {
    this.isDrawn = true;
    this.output.overwrite(line);
  }
}

function bar(done: number, total: number | undefined): string {
  const filled =
    total === undefined ? '=' : '='.repeat(Math.floor((Math.min(done, total) / (total || 1)) * WIDTH));
  // Without a total, a mark that moves shows that something happens.
  const before = total === undefined ? ' '.repeat(Math.floor(done / 100) % WIDTH) : '';
  return `[${`${before}${filled}`.padEnd(WIDTH)}]`;
}
