import { RequestMethod } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type Requirement, requirementOn } from '../invitations/requirement.js';
import type { Route, Routes } from '../invitations/routes.js';
import { requestMethodOf } from '../nest-routes.internals.js';
import type { Operation, PathItem } from './openapi.types.js';
import { documentKey, routeKey } from './path.keys.js';

/** An operation of a document whose handler requires a ticket. */
export interface GuardedOperation {
  readonly operation: Operation;
  /** As the document has it. */
  readonly path: string;
  /** In lower case. */
  readonly method: string;
  readonly route: Route;
  readonly requirement: Requirement;
}

interface Candidate extends Pick<GuardedOperation, 'operation' | 'path' | 'method'> {
  /** All that may be behind the operation, in the order in which Nest knows them. */
  readonly handlers: Route[];
}

/** The operations behind which there is a guarded handler. Routes that the document leaves out are left out here. */
export function* guardedOperations(
  routes: Routes,
  { paths }: Pick<OpenAPIObject, 'paths'>,
): Generator<GuardedOperation> {
  // The document may leave the global prefix out (`ignoreGlobalPrefix`): it is the one that explains more of it.
  const [explained = []] = routes.prefixes
    .map((prefix) => candidates(routes, prefix, paths))
    .toSorted((one, other) => other.length - one.length);
  for (const { handlers, ...found } of explained) {
    const route = likeliestOf(handlers, found.operation);
    const requirement = requirementOn(route.handler, route.controller);
    if (requirement) yield { ...found, route, requirement };
  }
}

function candidates(routes: Routes, prefix: string, paths: OpenAPIObject['paths']): Candidate[] {
  const items = new Map(Object.entries(paths).map(([path, item]) => [documentKey(path), { path, item }]));
  const found = new Map<Operation, Candidate>();
  for (const route of routes.all())
    for (const address of routes.addresses(route, prefix)) {
      const { path = '', item } = items.get(routeKey(address)) ?? {};
      for (const [method, operation] of operationsFor(route, item ?? {})) {
        const { handlers = [] } = found.get(operation) ?? {};
        found.set(operation, { operation, path, method, handlers: [...handlers, route] });
      }
    }
  return [...found.values()];
}

/** The operations of a path that a handler is for: one, or each that the document has for `@All()`. */
function operationsFor({ handler }: Route, item: PathItem): [string, Operation][] {
  const wanted = requestMethodOf(handler);
  return Object.entries(item as Record<string, Operation>).filter(
    ([method, operation]) =>
      Object(operation).responses !== undefined &&
      (wanted === RequestMethod.ALL || method === RequestMethod[wanted].toLowerCase()),
  );
}

/**
 * Which of several handlers for the same path and method an operation is about: versions that a header tells apart share
 * theirs, and @nestjs/swagger documents the last one that it does not leave out. Their names are in the operation's id,
 * unless the app makes its ids otherwise.
 */
function likeliestOf(routes: readonly Route[], { operationId = '' }: Operation): Route {
  const likeness = ({ controller, name }: Route) =>
    [controller.name, name].filter((part) => operationId.includes(part)).length;
  return routes.reduce((best, route) => (likeness(route) >= likeness(best) ? route : best));
}
