import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { pathnameOf } from '../tickets/definitions/place.parameters.js';
import type { TicketDefinition } from '../tickets/definitions/ticket.definition.js';
import { TicketSettings } from '../tickets/ticket.settings.js';
import { answersGet } from '../nest-routes.internals.js';
import { requirementOn } from './requirement.js';
import { Routes } from './routes.js';

/**
 * Warns, at boot, of a definition whose links lead to no route for GET that it guards: the global prefix or the version
 * is missing in its path, for example. No error: another server may answer there. Whether case, a slash at the end, and
 * letters such as é matter is up to the platform and its settings: a path that differs in these alone is no reason to warn.
 */
@Injectable()
export class PathWiringCheck implements OnModuleInit {
  private readonly logger = new Logger('TicketOffice');

  constructor(
    private readonly routes: Routes,
    private readonly settings: TicketSettings,
  ) {}

  onModuleInit(): void {
    const base = this.settings.baseUrl === undefined ? '' : new URL(this.settings.baseUrl).pathname;
    for (const [definition, addresses] of this.guarded()) {
      const paths = pathsBelow(base, pathnameOf(definition.path!));
      if (paths.some((path) => addresses.some((address) => leadsTo(path, address)))) continue;
      this.logger.warn(warning(definition, addresses, base));
    }
  }

  /** The definitions with a path, and the addresses of all routes that each of them guards and a link can open. */
  private guarded(): Map<TicketDefinition, string[]> {
    const found = new Map<TicketDefinition, string[]>();
    for (const route of this.routes.all()) {
      const definition = requirementOn(route.handler, route.controller)?.definition;
      if (definition?.path === undefined) continue;
      const addresses = answersGet(route.handler) ? this.routes.addresses(route) : [];
      found.set(definition, [...(found.get(definition) ?? []), ...addresses]);
    }
    return found;
  }
}

/** Decoded: an app may write `/café` in one place, and `/caf%C3%A9` in the other. */
const segmentsOf = (path: string): string[] =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** As a browser asks for it: without `.` and `..`. */
const resolved = (path: string): string => new URL(path, 'http://localhost').pathname;

/** What the app may be asked for by a link: a proxy may take the path of `baseUrl` off, or the beginning of it. */
function pathsBelow(base: string, path: string): string[][] {
  const taken = segmentsOf(base);
  return [...taken, ''].map((_, index) => taken.slice(index).concat(segmentsOf(resolved(path))));
}

/** Whether a path may be a route's. What only the platform can read, such as `{/:id}`, may be anything. */
function leadsTo(path: readonly string[], address: string): boolean {
  if (/[*{}()]/.test(address)) return true;
  const segments = segmentsOf(address);
  return (
    segments.length === path.length &&
    segments.every((segment, index) => segment.includes(':') || isSame(segment, path[index]!))
  );
}

/** Express takes no notice of case, by default. */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function warning(
  { place, purpose, path }: TicketDefinition,
  addresses: readonly string[],
  base: string,
): string {
  const start = `Links by the definition of '${place}', '${purpose}' lead to ${path}, which is no route `;
  const end = 'Where another server answers there, leave path out, and write it into url()';
  if (addresses.length === 0)
    return `${start}for GET that it guards: it guards none, and a link is opened by GET. Write @InvitationRequired() above a handler with @Get(). ${end}`;
  const wanted = [...new Set(addresses)].map((address) => `path: '${belowBase(address, base)}'`).join(' or ');
  return `${start}that it guards: write ${wanted} into defineTicket(), with the global prefix and the version, unless baseUrl ends with them. ${end}`;
}

/** An address as the path that leads to it: less what `baseUrl` ends with already. */
function belowBase(address: string, base: string): string {
  const [taken, segments] = [segmentsOf(base), segmentsOf(address)];
  const start = taken.findIndex((_, index) =>
    taken.slice(index).every((segment, at) => segment === segments[at]),
  );
  return `/${segments.slice(start === -1 ? 0 : taken.length - start).join('/')}`;
}
