import type { ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';

interface GraphqlContext {
  readonly req?: { readonly extra?: { readonly request: object } }; // Apollo's; `extra`: of a subscription
  readonly reply?: { readonly request: object }; // Mercurius'
}

/** The HTTP request that a GraphQL operation came in, or that its socket began with. */
export function graphqlRequest(context: ExecutionContext): object | undefined {
  const { req, reply } = GqlExecutionContext.create(context).getContext<GraphqlContext>();
  return req?.extra?.request ?? req ?? reply?.request;
}
