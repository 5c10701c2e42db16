import { Injectable, type OnModuleInit } from '@nestjs/common';
import { parametersIn } from '../tickets/definitions/place.parameters.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { requirementOn } from './requirement.js';
import { type Route, Routes } from './routes.js';

/** Rejects, at boot, a place with a parameter that its route does not have: no ticket could ever admit there. */
@Injectable()
export class PlaceWiringCheck implements OnModuleInit {
  constructor(private readonly routes: Routes) {}

  /** @throws TicketOfficeConfigurationError that names controller, handler and parameter */
  onModuleInit(): void {
    for (const route of this.routes.all()) this.check(route);
  }

  private check({ controller, name, handler, paths }: Route): void {
    const place = requirementOn(handler, controller)?.place ?? '';
    const missing = parametersIn(place).find(
      (parameter) => !paths.some((path) => new RegExp(`:${parameter}\\b`).test(path)),
    );
    if (missing === undefined) return;
    throw new TicketOfficeConfigurationError(
      `@InvitationRequired('${place}', …) on ${controller.name}.${name}: the route has no parameter '${missing}'. Write ':${missing}' in its path, too`,
    );
  }
}
