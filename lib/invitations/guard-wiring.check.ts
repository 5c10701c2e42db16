import {
  type ExecutionContext,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { globalGuards, guardsOn, isPerRequest } from '../nest.internals.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { guardedMethodsOf } from './guarded-methods.js';
import { InvitationGuard } from './invitation.guard.js';
import { requirementOn } from './requirement.js';
import { stampsBoundTo } from './stamps/stamped-handlers.js';

/**
 * Rejects, at boot, a handler that `@InvitationRequired` was written on and that it does not guard: another decorator has
 * replaced the method since, or its guards. Looks at controllers, and at providers: resolvers and gateways are such.
 */
@Injectable()
export class GuardWiringCheck implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly app: ApplicationConfig,
  ) {}

  /** @throws TicketOfficeConfigurationError that names class and method */
  onModuleInit(): void {
    for (const { metatype, instance } of this.made())
      if (isClass(metatype)) this.check(metatype, instance as unknown);
    const perRequest = this.made().filter(isPerRequest);
    const guarded = perRequest.some(
      ({ metatype }) => isClass(metatype) && guardedMethodsOf(metatype.prototype as object).length > 0,
    );
    // Nest reads the app's guards anew for what it makes for each request, and has read them for all else by now.
    if (guarded) this.app.addGlobalGuard({ canActivate: refuseReplaced });
  }

  /** Once more what Nest makes for each request: it calls what stands there by then, and the app's own hooks may replace that. */
  onApplicationBootstrap(): void {
    for (const { metatype } of this.made().filter(isPerRequest))
      if (isClass(metatype)) this.check(metatype, undefined);
  }

  private made() {
    return [...this.discovery.getControllers(), ...this.discovery.getProviders()];
  }

  private check(type: Function, instance: unknown): void {
    const prototype = type.prototype as Record<string, Function>;
    for (const { name, noted, current } of guardedMethodsOf(prototype)) {
      this.assertKept(type, name, noted, current);
      this.assertKept(type, name, noted, ownMethod(instance, name) ?? current);
    }
    for (const name of this.scanner.getAllMethodNames(prototype))
      this.assertGuarded(type, name, prototype[name]!);
  }

  /** What was bound to the method is bound to what stands in its place. */
  private assertKept(type: Function, name: string, noted: Function, current: Function | undefined): void {
    const where = `${type.name}.${name}`;
    if (!current || !requirementOn(current)) throw replaced(where, '@InvitationRequired()');
    this.assertGuarded(type, name, current);
    const stamps = stampsBoundTo(current);
    const lost = stampsBoundTo(noted).find((stamp) => !stamps.includes(stamp));
    if (lost) throw replaced(where, lost.name);
  }

  private assertGuarded(type: Function, name: string, handler: Function): void {
    if (!requirementOn(handler, type)) return;
    const guards = [...guardsOn(handler), ...guardsOn(type), ...globalGuards(this.app)];
    if (!guards.some(isInvitationGuard)) throw unguarded(`${type.name}.${name}`);
  }
}

const isClass = (type: unknown): type is Function => typeof type === 'function' && Boolean(type.prototype);

/** What Nest calls: a constructor may have made a function of the instance's own, `this.visit = this.visit.bind(this)`. */
function ownMethod(instance: unknown, name: string): Function | undefined {
  if (typeof instance !== 'object' || instance === null) return undefined;
  const value: unknown = (instance as Record<string, unknown>)[name];
  return typeof value === 'function' ? value : undefined;
}

/**
 * Refuses a call of a function without any metadata, where a class has guarded methods: the constructor has put it in
 * place of one of them (`this.visit = this.visit.bind(this)`), with neither its guard nor its stamp. By its name it may be
 * another method's.
 */
function refuseReplaced(context: ExecutionContext): boolean {
  const [type, handler] = [context.getClass(), context.getHandler()];
  const prototype = type.prototype as object;
  const guarded = guardedMethodsOf(prototype).map(({ name }) => name);
  if (guarded.length === 0 || Reflect.getMetadataKeys(handler).length > 0) return true;
  const name = handler.name.replace(/^bound /, '');
  if (name in prototype && !guarded.includes(name)) return true;
  throw replaced(
    `${type.name}.${guarded.includes(name) ? name : guarded.join(', ')}`,
    '@InvitationRequired()',
  );
}

const isInvitationGuard = (guard: Function): boolean =>
  guard === InvitationGuard || guard.prototype instanceof InvitationGuard;

const replaced = (where: string, lost: string) =>
  new TicketOfficeConfigurationError(
    `${where} has lost its ${lost}: another decorator, or the constructor, has put another function in its place, without its metadata. ` +
      'Write Nest’s decorators and @InvitationRequired() above the other one; or let that copy the metadata: ' +
      'for (const key of Reflect.getMetadataKeys(method)) Reflect.defineMetadata(key, Reflect.getMetadata(key, method), replacement)',
  );

const unguarded = (where: string) =>
  new TicketOfficeConfigurationError(
    `${where} requires an invitation, but has no InvitationGuard among its guards, so that it would admit everybody: write @InvitationRequired(place, purpose), ` +
      'which binds both, and bind guards of your own with @UseGuards(), which keeps those that are there',
  );
