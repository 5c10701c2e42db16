/** What Nest's paths are made of besides text: an escaped character, a pattern of Fastify's, a name, braces. */
const SYNTAX =
  /\\(?<escaped>.)|(?<colon>::|\[:\])|\(\^[^)]+\)|[:*]"(?<quoted>[^"]+)"|[:*](?<plain>[\p{ID_Start}$_][\p{ID_Continue}$]*)|(?<unnamed>\(\.\*\)|[*+](?=\/|$))|[{}]/gu;
/** A name that Nest makes up for a wildcard without one; its number differs between versions. */
const MADE_UP = /\{path\d*\}/g;

/** What tells the path of a document from all others in it. */
export const documentKey = (path: string): string => path.replace(MADE_UP, '{path}');

/** The same for a path as Nest's decorators have it: `/report/{id}` for `/report/:id`; optional parts are parts. */
export function routeKey(path: string): string {
  const template = path.replace(SYNTAX, (...match) => documented(match.at(-1) as Partial<Part>));
  return documentKey(template.length > 1 ? template.replace(/\/$/, '') : template);
}

type Part = Record<'escaped' | 'colon' | 'quoted' | 'plain' | 'unnamed', string>;

function documented({ escaped, colon, quoted, plain, unnamed }: Partial<Part>): string {
  const name = quoted ?? plain ?? (unnamed && 'path');
  if (name !== undefined) return `{${name}}`;
  return colon === undefined ? (escaped ?? '') : ':';
}
