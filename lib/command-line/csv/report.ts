import { EXIT } from '../failure.js';
import { escaped, type Output } from '../output.js';
import type { Progress } from '../progress.js';

/** Counts what becomes of the rows of the input, and says it. */
export class Report {
  issued = 0;
  private present = 0;
  private leftOut = 0;

  constructor(
    private readonly output: Output,
    private readonly progress: Progress,
    private readonly total: number,
  ) {}

  addIssued(): void {
    this.issued += 1;
    this.progress.update(this.issued + this.present, this.total);
  }

  addPresent(): void {
    this.present += 1;
  }

  leaveOut(line: number, problem: string): void {
    this.leftOut += 1;
    this.progress.end();
    this.output.note(`line ${line} is left out: ${escaped(problem)}`);
  }

  print(): void {
    const { issued, present, leftOut, output } = this;
    this.progress.end();
    if (leftOut > 0) output.exitCode = EXIT.failed;
    output.print({ issued, present, leftOut }, [
      `${issued} issued, ${present} there already, ${leftOut} left out.`,
    ]);
  }
}
