import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { answersGet } from '../nest-routes.internals.js';
import { globalInterceptors, interceptorsOn } from '../nest.internals.js';
import { requirementOn } from './requirement.js';
import { type Route, Routes } from './routes.js';

/** The class of `@nestjs/cache-manager`, by its name: the library does not load that package. */
const CACHE = 'CacheInterceptor';
/** What a subclass overrides to choose what it keeps. */
const CHOICES = ['trackBy', 'isRequestCacheable'];

/**
 * Warns, at boot, of a guarded GET behind a cache: that answers one guest with what another was sent, and the handler and
 * its stamp do not run.
 */
@Injectable()
export class CacheWiringCheck implements OnModuleInit {
  private readonly logger = new Logger('TicketOffice');

  constructor(
    private readonly routes: Routes,
    private readonly app: ApplicationConfig,
  ) {}

  onModuleInit(): void {
    const cached = [...this.routes.all()].filter((route) => this.isCached(route));
    const names = cached.map(({ controller, name }) => `${controller.name}.${name}`);
    if (names.length === 0) return;
    this.logger.warn(
      `${CACHE} keeps what these guarded handlers answer, and sends it to the next guest without running them or their stamp: ` +
        `${names.join(', ')}. Bind it to other handlers only, or bind a subclass whose trackBy() returns undefined where a ` +
        'handler has InvitationRequirement: docs/guarding.md has one',
    );
  }

  private isCached({ controller, handler }: Route): boolean {
    if (!requirementOn(handler, controller) || !answersGet(handler)) return false;
    return [handler, controller].flatMap(interceptorsOn).concat(globalInterceptors(this.app)).some(keepsAll);
  }
}

/** Whether a class is the cache, or a subclass of it that keeps all that the cache would. */
function keepsAll({ prototype }: Function): boolean {
  let at = prototype as object | null;
  while (at && at.constructor.name !== CACHE) {
    const own = at;
    if (CHOICES.some((name) => Object.hasOwn(own, name))) return false;
    at = Object.getPrototypeOf(at) as object | null;
  }
  return at !== null;
}
