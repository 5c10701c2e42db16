import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';

// All that the library knows of @nestjs/graphql, by name: it does not load that package. `nest-graphql.internals.spec.ts`
// fails when a version moves one of these.

const OPTIONS = 'GqlModuleOptions';
const TYPE = 'graphql:resolver_type';
const FIELD_MARKS = ['graphql:resolve_property', 'graphql:resolve_reference'];
const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

/** What `@nestjs/graphql` runs for a field resolver as for a query, where the app says so. */
export type FieldEnhancer = 'guards' | 'interceptors';

/** Whether a method resolves a field of a GraphQL type, or a reference to one: no query, mutation or subscription. */
export function isFieldResolver(handler: object, resolver: object): boolean {
  const type: unknown = Reflect.getMetadata(TYPE, handler) ?? Reflect.getMetadata(TYPE, resolver);
  return FIELD_MARKS.some((mark) => Reflect.hasMetadata(mark, handler)) && !ROOTS.has(String(type));
}

interface Options {
  readonly fieldResolverEnhancers?: readonly string[];
}

/** What every GraphQL module of the app runs for field resolvers. */
export function enhancersOfFields(providers: readonly InstanceWrapper[]): Set<FieldEnhancer> {
  const chosen = providers
    .filter(({ token }) => token === OPTIONS)
    .map(({ instance }) => (instance as Options | undefined)?.fieldResolverEnhancers ?? []);
  const all: FieldEnhancer[] = ['guards', 'interceptors'];
  return new Set(all.filter((enhancer) => chosen.every((enhancers) => enhancers.includes(enhancer))));
}
