import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { wayToRequest } from './nest.internals.js';
import { TicketOfficeConfigurationError } from './tickets/ticket.errors.js';

/**
 * Rejects, at boot, a ticket office that Nest would make anew for each request, or for each tenant: its limits, keys and
 * events are the process's.
 */
@Injectable()
export class InjectionScopeCheck implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws TicketOfficeConfigurationError that names the providers, from the office's own to the request */
  onModuleInit(): void {
    const providers = this.discovery.getProviders();
    const office = providers.find(({ instance }) => instance === this)?.host;
    const ways = providers
      .filter(({ host }) => host === office)
      .map(wayToRequest)
      .filter((way) => way !== undefined);
    // What depends on one of them depends on the request, too: the shortest way is nearest to the cause.
    const [way] = ways.toSorted((one, other) => one.length - other.length);
    if (way) throw dependsOnRequest(way);
  }
}

const dependsOnRequest = (way: readonly string[]) =>
  new TicketOfficeConfigurationError(
    `TicketOfficeModule depends on the request (${way.join(' → ')}): each request would get limits, keys and events$ ` +
      'of its own. For its options, its data source and extraProviders, inject only what has the default scope: not ' +
      "REQUEST, no Scope.REQUEST, no durable: true. What differs from tenant to tenant belongs in a ticket's place or subject",
  );
