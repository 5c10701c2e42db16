import type { DynamicModule } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { Mutation, Query, ResolveField, ResolveReference, Resolver, Subscription } from '@nestjs/graphql';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { enhancersOfFields, isFieldResolver } from '../lib/nest-graphql.internals.js';
import { graphql } from './contexts/graphql.museum.js';

// Without types: the storage of schemas is the process's, and other specs make schemas of it.
@Resolver()
class RoomResolver {
  @Query(() => String)
  query() {}

  @Mutation(() => String)
  mutation() {}

  @Subscription(() => String)
  subscription() {}

  @ResolveReference()
  reference() {}

  helper() {}
}

/** As in an app whose schema is written first. */
const written = (type: string): Function => {
  class WrittenResolver {
    field() {}
  }
  Resolver(type)(WrittenResolver);
  return WrittenResolver;
};
// Applied by hand, without a class that a schema could be made of.
const field = () => undefined;
ResolveField('name')({}, 'field', { value: field });

describe('@nestjs/graphql’s internals', () => {
  it('[M-2] its metadata tells the resolvers of fields from those of queries, mutations and subscriptions', () => {
    const methods = RoomResolver.prototype as unknown as Record<string, object>;
    const found = Object.getOwnPropertyNames(methods)
      .filter((name) => name !== 'constructor')
      .filter((name) => isFieldResolver(methods[name]!, RoomResolver));
    expect(found).toEqual(['reference']);
    expect(isFieldResolver(field, written('Room'))).toBe(true);
    for (const root of ['Query', 'Mutation', 'Subscription'])
      expect(isFieldResolver(field, written(root))).toBe(false);
  });

  it('[M-2] the options of its module say what is run for fields', async () => {
    const start = async (...imports: DynamicModule[]) => {
      const testing = await Test.createTestingModule({ imports: [DiscoveryModule, ...imports] }).compile();
      const discovery = testing.get(DiscoveryService, { strict: false });
      return [...enhancersOfFields(discovery.getProviders())];
    };
    const { Express: apollo, Fastify: mercurius } = graphql;
    expect(await start()).toEqual(['guards', 'interceptors']);
    for (const driver of [apollo, mercurius]) {
      expect(await start(driver())).toEqual([]);
      const fieldResolverEnhancers = ['guards', 'filters', 'interceptors'];
      expect(await start(driver({ fieldResolverEnhancers }))).toEqual(['guards', 'interceptors']);
    }
    expect(await start(apollo({ fieldResolverEnhancers: ['guards'] }), mercurius())).toEqual([]);
  });
});
