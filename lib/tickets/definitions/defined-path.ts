import { encodedText } from '../link.js';
import { TicketInputError } from '../ticket.errors.js';
import { assertNotHandMade, namesIn, readParams } from './defined-scope.js';
import {
  fillParameters,
  type ParameterValue,
  parametersIn,
  paramsProblems,
  pathnameOf,
} from './place.parameters.js';
import { isDefinition, undefinedProblem } from './ticket.definition.js';

/**
 * Reads the path of a link; or a definition with a path, and the `params` that fill it.
 *
 * @throws TicketInputError for a definition without a path, and for `params` that do not fill it
 */
export function readPath(pathOrDefinition: unknown, options: unknown): string {
  if (!isDefinition(pathOrDefinition)) {
    assertNotHandMade('url()', pathOrDefinition);
    if (pathOrDefinition === undefined)
      throw new TicketInputError('url()', [undefinedProblem('the path, or the definition,')]);
    return pathOrDefinition as string;
  }
  const { path } = pathOrDefinition;
  if (path === undefined)
    throw new TicketInputError('url()', [
      "the definition has no path: write path: '/louvre' into defineTicket(), or url('/louvre', credentials)",
    ]);
  const params = readParams('url()', options);
  const pathname = pathnameOf(path);
  const problems = paramsProblems(params, parametersIn(pathname), namesIn(pathOrDefinition));
  if (problems.length > 0) throw new TicketInputError('url()', problems);
  const values = (params ?? {}) as Record<string, ParameterValue>;
  return fillParameters(pathname, values, encodedText) + path.slice(pathname.length);
}
