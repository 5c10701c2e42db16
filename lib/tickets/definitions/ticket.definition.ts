import type { Duration } from '../input/duration.js';
import type { OnDuplicate } from '../input/on-duplicate.js';
import type { CodeInput } from '../secrets/secret.js';
import type { ParametersIn, ParameterValue } from './place.parameters.js';
import type { StandardSchema } from './standard-schema.js';

/**
 * What describes the `data` of a kind of ticket: a class whose fields have rules of class-validator, or a schema of zod,
 * valibot, arktype or any other library of https://standardschema.dev.
 */
export type DataRules = StandardSchema | (new () => object);

/** The mark of a definition: the same for the ES modules and the CommonJS modules of the library, and in no JSON. */
export const DEFINITION: unique symbol = Symbol.for('nestjs-ticketoffice:definition');

/** What {@link defineTicket} takes. */
export interface DefinitionFields<
  Place extends string = string,
  Path extends string = string,
  Data extends DataRules = DataRules,
> {
  /** Where such tickets admit: 1 to 100 characters. Segments such as `:id` in `report/:id` are filled by `params`. */
  readonly place: Place;
  /** What they admit for: 1 to 100 characters. */
  readonly purpose: string;
  /**
   * What their `data` must be: checked whenever one is issued.
   * @default any plain JSON, or none
   */
  readonly data?: Data;
  /**
   * Where their links lead: what `url()` takes, such as `/louvre`, or `/report/:id` to be filled by `params`. As a browser
   * has it, with the app's global prefix and a version.
   */
  readonly path?: Path;
  /**
   * Their lifetime: in ms, or text such as `'5d'`; `null`: they never expire.
   * @default the module's `expiresIn`; for a code, at most 10 minutes
   */
  readonly expiresIn?: Duration | null;
  /**
   * A code for each, to type (`{ digits: 8 }`) or to dictate (`{ letters: 12 }`).
   * @default a generated secret of 256 bits, or what the module's `passwordGenerator` makes
   */
  readonly password?: CodeInput;
  /**
   * What to do about valid tickets of the same place, purpose and subject: see the input of `issue()`.
   * @default 'allow'
   */
  readonly onDuplicate?: OnDuplicate;
  /**
   * Whether a browser has to confirm on the handlers of `@InvitationRequired`.
   * @default the module's `confirm`, for a stamped handler
   */
  readonly confirm?: boolean;
  /**
   * `['body']`: on the handlers of `@InvitationRequired`, a JSON or form body may contain the credentials, too.
   * @default []
   */
  readonly credentials?: readonly 'body'[];
}

/** One kind of ticket, made by {@link defineTicket}. It cannot be changed. */
export interface TicketDefinition<
  Place extends string = string,
  Path extends string = string,
  Data extends DataRules = DataRules,
> extends DefinitionFields<Place, Path, Data> {
  readonly [DEFINITION]: true;
}

/** Keeps a definition from being taken for an input, which may have the same fields. */
export interface NoDefinition {
  readonly [DEFINITION]?: never;
}

/** Whether a value was made by {@link defineTicket}, of whichever copy of the library. */
export const isDefinition = (value: unknown): value is TicketDefinition =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, DEFINITION);

/** What is wrong where a definition, or a part of one, is expected and is `undefined`. */
export const undefinedProblem = (what: string): string =>
  `${what} is undefined: two files import each other, or a name is misspelt; move what both need into a file of its own`;

/** What is wrong with a second argument where the first is no definition. */
export const DEFINITION_ALONE = 'the second argument goes with a definition alone: leave it out';

/** Whether a call with more than one argument got its definition from a module that was not ready. */
export const lacksDefinition = (first: unknown, second: unknown): boolean =>
  first === undefined && second !== undefined;

type PlaceNames<D extends TicketDefinition> = ParametersIn<D['place']>;
type PathNames<D extends TicketDefinition> = ParametersIn<NonNullable<D['path']>>;

/** Values for some parameters, which must be there, and for others, which may be. */
type Values<Needed extends string, Known extends string> = string extends Needed
  ? { readonly [Name in Known | Needed]?: ParameterValue }
  : { readonly [Name in Needed]: ParameterValue } & {
      readonly [Name in Exclude<Known, Needed>]?: ParameterValue;
    };

/** `{ params }`, which may be left out where nothing must be filled, and is not there where nothing can be. */
type Params<Needed extends string, Known extends string> = [Known | Needed] extends [never]
  ? { readonly params?: never }
  : [Needed] extends [never]
    ? { readonly params?: Values<Needed, Known> }
    : string extends Needed
      ? { readonly params?: Values<Needed, Known> }
      : { readonly params: Values<Needed, Known> };

/** What fills the place of a definition: beside what a call takes. */
export type PlaceOptions<D extends TicketDefinition> = Params<PlaceNames<D>, PathNames<D>>;

/** What fills the path of a definition. */
export type PathOptions<D extends TicketDefinition> = Params<PathNames<D>, PlaceNames<D>>;

/** One argument, which may be left out where nothing in it must be there; and what else may be in it. */
export type Argument<T, More = unknown> = object extends T ? [options?: T & More] : [options: T & More];

/** The params of a definition's place, as one argument. */
export type PlaceParams<D extends TicketDefinition> =
  PlaceOptions<D> extends { readonly params: infer Filled }
    ? [params: Filled]
    : [params?: NonNullable<PlaceOptions<D>['params']>];
