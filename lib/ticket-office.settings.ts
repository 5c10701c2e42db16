import { assertOptions } from './ticket-office.options-rules.js';
import type { PageRenderer, TicketOfficeOptions } from './ticket-office.options.js';
import { toDuration } from './tickets/duration.js';
import type { Argon2Cost } from './tickets/verifier.js';

/** The options, checked, with defaults filled in and every duration in ms: what the library itself injects. */
export class TicketOfficeSettings {
  readonly secrets: readonly string[];
  readonly baseUrl: string | undefined;
  readonly expiresIn: number | null;
  readonly passwordGenerator: (() => string) | undefined;
  readonly maxAttempts: number;
  readonly argon2: Argon2Cost;
  readonly pass: { readonly maxAge: number } | false;
  readonly pages: { readonly unauthorized?: PageRenderer; readonly forbidden?: PageRenderer } | false;
  readonly now: () => Date;

  /** @throws TicketOfficeConfigurationError for options that are not as they should be */
  constructor(options: TicketOfficeOptions) {
    assertOptions(options);
    this.secrets = [options.secret].flat();
    this.baseUrl = options.baseUrl;
    this.expiresIn = options.expiresIn === null ? null : toDuration(options.expiresIn ?? '24h')!;
    this.passwordGenerator = options.passwordGenerator;
    this.maxAttempts = options.maxAttempts ?? 5;
    this.argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1, ...options.argon2 };
    this.pass = options.pass === false ? false : { maxAge: toDuration(options.pass?.maxAge ?? '15m')! };
    this.pages = options.pages ?? {};
    this.now = options.now ?? (() => new Date());
  }
}
