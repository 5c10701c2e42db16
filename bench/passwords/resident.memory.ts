import { readFileSync, writeFileSync } from 'node:fs';

/** In ms. */
const SAMPLING = 5;

/** By how much the resident memory of this process grows. */
export class ResidentMemory {
  private before = 0;
  private highest = 0;
  private timer: NodeJS.Timeout | undefined;

  /** Begins to look at it. */
  watch(): void {
    forgetPeak();
    this.before = process.memoryUsage.rss();
    this.highest = this.before;
    this.timer = setInterval(() => this.sample(), SAMPLING);
  }

  /** By how much it has been above what it was then, at most; in bytes. */
  growth(): number {
    clearInterval(this.timer);
    this.sample();
    return Math.max(this.highest, kernelsPeak()) - this.before;
  }

  private sample(): void {
    this.highest = Math.max(this.highest, process.memoryUsage.rss());
  }
}

/** Linux alone keeps a peak (proc(5)), which no sample can miss. */
function kernelsPeak(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // It would count what the start of the process took: more than is due, never less.
  }
}
