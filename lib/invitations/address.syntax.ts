/** What Nest's paths are made of besides text: an escaped character, a pattern of Fastify's, a name, braces. */
const SYNTAX =
  /\\(?<escaped>.)|(?<colon>::|\[:\])|\(\^[^)]+\)|[:*]"(?<quoted>[^"]+)"|[:*](?<plain>[\p{ID_Start}$_][\p{ID_Continue}$]*)|(?<unnamed>\(\.\*\)|[*+](?=\/|$))|[{}]/gu;

/** A part of an address that is no plain text. */
export interface AddressPart {
  /** Of a parameter, or of a wildcard. */
  readonly name?: string | undefined;
  /** A wildcard without a name. */
  readonly isUnnamed: boolean;
  /** What it stands for, where it is escaped; otherwise nothing. */
  readonly text: string;
}

/** An address, in Nest's own spelling, with other text in place of its parts. */
export const replaceParts = (address: string, replace: (part: AddressPart) => string): string =>
  address.replace(SYNTAX, (...match) => replace(partOf(match.at(-1) as Groups)));

/** The names of the parameters of an address, wildcards left out: `'id'` for `/report/:id`. */
export const parameterNamesIn = (address: string): string[] =>
  [...address.matchAll(SYNTAX)]
    .filter(([part]) => part.startsWith(':'))
    .map(({ groups }) => partOf(groups as Groups).name)
    .filter((name) => name !== undefined);

type Groups = Partial<Record<'escaped' | 'colon' | 'quoted' | 'plain' | 'unnamed', string>>;

const partOf = ({ escaped, colon, quoted, plain, unnamed }: Groups): AddressPart => ({
  name: quoted ?? plain,
  isUnnamed: unnamed !== undefined,
  text: colon === undefined ? (escaped ?? '') : ':',
});
