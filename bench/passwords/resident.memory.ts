import { readFileSync, writeFileSync } from 'node:fs';

/** In ms. */
const INTERVAL = 5;

/** Measures the growth of this process's resident memory. */
export class ResidentMemory {
  private before = 0;
  private highest = 0;
  private timer: NodeJS.Timeout | undefined;

  /** Starts measuring. */
  watch(): void {
    resetPeak();
    this.before = process.memoryUsage.rss();
    this.highest = this.before;
    this.timer = setInterval(() => this.sample(), INTERVAL);
  }

  /** Stops, and returns the peak growth since `watch()`, in bytes. */
  growth(): number {
    clearInterval(this.timer);
    this.sample();
    return Math.max(this.highest, kernelPeak()) - this.before;
  }

  private sample(): void {
    this.highest = Math.max(this.highest, process.memoryUsage.rss());
  }
}

/** Only Linux keeps a peak (proc(5)), which sampling could miss. */
function kernelPeak(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function resetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The peak then includes the process's start: the result is too high, never too low.
  }
}
