/** Place and purpose together: what a ticket admits to. */
export interface Scope {
  readonly place: string;
  readonly purpose: string;
}

/** Compared to the letter. */
export const isSameScope = (one: Scope, other: Scope): boolean =>
  one.place === other.place && one.purpose === other.purpose;
