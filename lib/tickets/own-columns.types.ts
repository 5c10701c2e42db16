import type { Ticket } from './ticket.entity.js';

/** Whether a class has the properties of Ticket alone. */
type IsPlain<E extends Ticket> = [keyof E] extends [keyof Ticket] ? true : false;

/** A ticket of an entity, with the type of its data. */
export type TicketWith<E extends Ticket, T> = IsPlain<E> extends true ? Ticket<T> : E & Ticket<T>;

type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type ColumnName<E extends Ticket> = {
  [K in Exclude<keyof E, keyof Ticket>]-?: NonNullable<E[K]> extends (...given: never[]) => unknown
    ? never
    : // A getter has no setter; a column is written.
      IsSame<Pick<E, K>, { -readonly [N in keyof Pick<E, K>]: E[N] }> extends true
      ? K
      : never;
}[Exclude<keyof E, keyof Ticket>];

/**
 * The columns of an entity of the app's, as fields of an input: what it has beside Ticket, less methods and getters. All
 * may be left out as far as the compiler knows, which sees no default of a column.
 */
export type OwnFields<E extends Ticket> =
  IsPlain<E> extends true ? unknown : { readonly [K in ColumnName<E>]?: E[K] };
