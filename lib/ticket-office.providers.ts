import type { Provider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { InvitationSettings } from './invitations/invitation.settings.js';
import { PassCookies } from './invitations/passes/pass.cookies.js';
import { PassSession } from './invitations/passes/pass.session.js';
import { PassStore } from './invitations/passes/pass.store.js';
import { TICKET_DATA_SOURCE } from './ticket-office.module-definition.js';
import {
  assertOptions,
  DEFAULTS,
  TICKET_OFFICE_OPTIONS,
  type TicketOfficeOptions,
} from './ticket-office.options.js';
import { PasswordQueue } from './tickets/admission/password.queue.js';
import { Argon2 } from './tickets/secrets/argon2.js';
import { Keyring } from './tickets/secrets/keyring.js';
import { Verifiers } from './tickets/secrets/verifier.js';
import { TicketDatabase } from './tickets/store/ticket.database.js';
import { TicketSettings } from './tickets/ticket.settings.js';
import { toDuration } from './tickets/input/duration.js';
import { withoutUndefined } from './tickets/input/rules.js';
import type { Argon2Settings } from './tickets/secrets/argon2.settings.js';

const SETTINGS = Symbol('TICKET_OFFICE_SETTINGS');

/** Everything whose making takes more than Nest's own injection: it depends on the options or on the data source. */
export const ticketOfficeProviders: Provider[] = [
  {
    provide: SETTINGS,
    inject: [TICKET_OFFICE_OPTIONS],
    useFactory: (options: TicketOfficeOptions) => settingsOf(options),
  },
  { provide: TicketSettings, inject: [SETTINGS], useFactory: ({ tickets }: TicketOfficeSettings) => tickets },
  {
    provide: InvitationSettings,
    inject: [SETTINGS],
    useFactory: ({ invitations }: TicketOfficeSettings) => invitations,
  },
  {
    provide: PassStore,
    inject: [InvitationSettings, HttpAdapterHost],
    useFactory: ({ pass }: InvitationSettings, adapterHost: HttpAdapterHost) =>
      pass && pass.store === 'session' ? new PassSession() : new PassCookies(adapterHost),
  },
  {
    provide: Keyring,
    inject: [SETTINGS],
    useFactory: ({ secrets }: TicketOfficeSettings) => new Keyring(secrets),
  },
  {
    provide: PasswordQueue,
    inject: [SETTINGS],
    useFactory: ({ argon2 }: TicketOfficeSettings) => new PasswordQueue(argon2),
  },
  {
    provide: Verifiers,
    inject: [Keyring, SETTINGS],
    useFactory: (keyring: Keyring, { argon2 }: TicketOfficeSettings) =>
      new Verifiers(keyring, new Argon2(argon2)),
  },
  {
    provide: TicketDatabase,
    inject: [TICKET_DATA_SOURCE],
    useFactory: (dataSource: DataSource) => new TicketDatabase(dataSource),
  },
];

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
