import { setTimeout as wait } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { cleaningSettings } from './cleaning.settings.js';
import { TicketCleaner } from './ticket.cleaner.js';
import { TicketSettings } from '../ticket.settings.js';

/** Longest that a timer of Node.js waits, in ms (https://nodejs.org/api/timers.html): one that is longer ends at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Cleans now and then while the app runs, where the option `cleaning.every` says so. */
@Injectable()
export class CleaningSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('TicketOffice');
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly cleaner: TicketCleaner,
    private readonly settings: TicketSettings,
  ) {}

  onApplicationBootstrap(): void {
    const { every } = cleaningSettings(this.settings.cleaning);
    if (every !== null) this.running = this.run(every);
  }

  /** Resolves once the batch that is being deleted is over. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(every: number): Promise<void> {
    const { signal } = this.ending;
    // Nodes that start together, and those whose runs take as long, do not clean together.
    for (let delay = Math.random() * every; ; delay = every * (0.9 + Math.random() / 5)) {
      await sleep(delay, signal);
      if (signal.aborted) return;
      await this.cleaner.clean({ signal }).catch((error: unknown) => {
        if (!signal.aborted) this.logger.error('Cleaning has failed; the next run goes on with it', error);
      });
    }
  }
}

/** Does not keep the process alive, and ends early when the signal is aborted. */
async function sleep(duration: number, signal: AbortSignal): Promise<void> {
  for (let left = duration; left > 0 && !signal.aborted; left -= LONGEST_TIMER) {
    const timer = wait(Math.min(left, LONGEST_TIMER), undefined, { ref: false, signal });
    await timer.catch(() => undefined);
  }
}
