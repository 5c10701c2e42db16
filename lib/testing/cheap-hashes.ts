import type { Provider } from '@nestjs/common';
import { TICKET_OFFICE_OPTIONS, type TicketOfficeOptions } from '../ticket-office.options.js';
import { Argon2 } from '../tickets/secrets/argon2.js';
import { type Argon2Cost, argon2Settings } from '../tickets/secrets/argon2.settings.js';
import { Keyring } from '../tickets/secrets/keyring.js';
import { Verifiers } from '../tickets/secrets/verifier.js';

/** The least that argon2 takes (RFC 9106, section 3.1). As an option it would be refused: see argon2.settings.ts. */
const CHEAPEST: Argon2Cost = { memoryCost: 8, timeCost: 1, parallelism: 1 };

/** In place of the provider of TicketOfficeModule. What the option `argon2` says counts. */
export const cheapHashes: Provider = {
  provide: Verifiers,
  inject: [Keyring, TICKET_OFFICE_OPTIONS],
  useFactory: (keyring: Keyring, { argon2 }: TicketOfficeOptions) =>
    new Verifiers(keyring, new Argon2(argon2Settings({ ...CHEAPEST, ...argon2 }))),
};
