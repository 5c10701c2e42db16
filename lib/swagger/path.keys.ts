import { replaceParts } from '../invitations/address.syntax.js';

/** A name that Nest makes up for a wildcard without one; its number differs between versions. */
const MADE_UP = /\{path\d*\}/g;

/** What tells the path of a document from all others in it. */
export const documentKey = (path: string): string => path.replace(MADE_UP, '{path}');

/** The same for a path as Nest's decorators have it: `/report/{id}` for `/report/:id`; optional parts are parts. */
export function routeKey(path: string): string {
  const template = replaceParts(path, ({ name, isUnnamed, text }) => {
    const parameter = name ?? (isUnnamed ? 'path' : undefined);
    return parameter === undefined ? text : `{${parameter}}`;
  });
  return documentKey(template.length > 1 ? template.replace(/\/$/, '') : template);
}
