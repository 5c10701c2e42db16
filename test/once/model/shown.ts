import fc from 'fast-check';
import type { LouvreModel, ModelAdmission } from './louvre.model.js';
import type { Louvre } from './louvre.js';
import { anyPick, type Pick, pick, picked } from './pick.js';

/** What a guest shows at a door: a ticket's name and a secret, not always the right one. */
export interface Shown {
  readonly ticket: Pick;
  /** Of which ticket the secret is; `null`: of this one. */
  readonly secretOf: Pick | null;
  /** Which of the secrets that that ticket has had. */
  readonly secret: Pick;
  readonly place: string;
  readonly purpose: string;
}

const mostly = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

export const anyShown: fc.Arbitrary<Shown> = fc.record({
  ticket: anyPick,
  secretOf: mostly<Pick | null>(null, anyPick),
  secret: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: anyPick }),
  place: mostly('louvre', fc.constant('orangerie')),
  purpose: mostly('visit', fc.constant('restore')),
});

/** The ticket whose secret is shown at its own door, or nothing. */
export function admissionOf(model: LouvreModel, shown: Shown): ModelAdmission | undefined {
  const ticket = pick(model.tickets, shown.ticket);
  const isElsewhere = shown.place !== 'louvre' || shown.purpose !== 'visit';
  if (isElsewhere || pick(model.tickets, shown.secretOf ?? shown.ticket) !== ticket) return undefined;
  const { generation } = model.tickets[ticket]!;
  return { ticket, generation: generation - (shown.secret % generation) };
}

export const credentialsOf = (louvre: Louvre, { ticket, secretOf, secret }: Shown) => ({
  uuid: louvre.uuid(pick(louvre.secrets, ticket)),
  password: picked(picked(louvre.secrets, secretOf ?? ticket), secret).password,
});

export const describeShown = ({ ticket, secretOf, secret, place, purpose }: Shown): string =>
  `ticket ${ticket}, secret ${secret} of ${secretOf ?? 'its own'}, at ${place}, to ${purpose}`;
