import { InvitationSettings } from './invitations/invitation.settings.js';
import { DEFAULTS, type TicketOfficeOptions } from './ticket-office.options.js';
import { assertOptions } from './ticket-office.options.rules.js';
import { toDuration } from './tickets/input/duration.js';
import { withoutUndefined } from './tickets/input/rules.js';
import type { Argon2Settings } from './tickets/secrets/argon2.settings.js';
import { TicketSettings } from './tickets/ticket.settings.js';

/** The options, checked and filled in, as the parts of the library take them. */
export interface TicketOfficeSettings {
  readonly secrets: readonly string[];
  readonly argon2: Argon2Settings;
  readonly tickets: TicketSettings;
  readonly invitations: InvitationSettings;
}

/** @throws TicketOfficeConfigurationError for options that are not as they should be */
export function settingsOf(options: TicketOfficeOptions): TicketOfficeSettings {
  assertOptions(options);
  const given = { ...DEFAULTS, ...withoutUndefined(options) };
  const { baseUrl, expiresIn, passwordGenerator, maxAttempts, abandonedAfter, now } = given;
  const { pass, confirm, pages, guest } = given;
  return {
    secrets: [options.secret].flat(),
    argon2: { ...DEFAULTS.argon2, ...withoutUndefined(given.argon2) },
    tickets: {
      baseUrl,
      expiresIn: expiresIn === null ? null : toDuration(expiresIn)!,
      passwordGenerator,
      maxAttempts,
      abandonedAfter: abandonedAfter === null ? null : toDuration(abandonedAfter)!,
      now,
    },
    invitations: {
      pass: pass && {
        store: pass.store ?? DEFAULTS.pass.store,
        maxAge: toDuration(pass.maxAge ?? DEFAULTS.pass.maxAge)!,
      },
      confirm,
      guest,
      origin: baseUrl === undefined ? undefined : new URL(baseUrl).origin,
      pages,
      now,
    },
  };
}
