import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { enhancersOfFields, type FieldEnhancer, isFieldResolver } from '../nest-graphql.internals.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { requirementOn } from './requirement.js';
import { stampsBoundTo } from './stamps/stamped-handlers.js';

/**
 * Rejects, at boot, a GraphQL field resolver that requires an invitation where Nest calls such resolvers without their
 * guards, or without the stamp: as it does unless the app's GraphQL module says otherwise.
 */
@Injectable()
export class FieldResolverCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws TicketOfficeConfigurationError that names class and method, and what to write */
  onModuleInit(): void {
    const providers = this.discovery.getProviders();
    const run = enhancersOfFields(providers);
    for (const { metatype } of providers)
      if (typeof metatype === 'function' && metatype.prototype) this.check(metatype, run);
  }

  private check(resolver: Function, run: ReadonlySet<FieldEnhancer>): void {
    const prototype = resolver.prototype as Record<string, Function>;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      if (!isFieldResolver(handler, resolver) || !requirementOn(handler, resolver)) continue;
      const needed: FieldEnhancer[] = ['guards'];
      if (stampsBoundTo(handler, resolver).length > 0) needed.push('interceptors');
      const missing = needed.find((enhancer) => !run.has(enhancer));
      if (missing) throw unguarded(`${resolver.name}.${name}`, missing, needed);
    }
  }
}

const unguarded = (where: string, missing: FieldEnhancer, needed: readonly FieldEnhancer[]) =>
  new TicketOfficeConfigurationError(
    `${where} is a GraphQL field resolver, which Nest calls without its ${missing}: write fieldResolverEnhancers: [${needed.map((enhancer) => `'${enhancer}'`).join(', ')}] in the options of GraphQLModule, ` +
      'or @InvitationRequired() on the queries and mutations that lead to the field',
  );
