/** What a ticket admits to: a place such as `louvre`, and a purpose such as `visit`. */
export interface Scope {
  readonly place: string;
  readonly purpose: string;
}

/** Compares exactly: case and spaces count. */
export const isSameScope = (one: Scope, other: Scope): boolean =>
  one.place === other.place && one.purpose === other.purpose;
