import { Injectable, type OnModuleInit } from '@nestjs/common';
import { parametersIn } from '../tickets/definitions/place.parameters.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { parameterNamesIn } from './address.syntax.js';
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

  private check(route: Route): void {
    const { controller, name, handler } = route;
    const place = requirementOn(handler, controller)?.place ?? '';
    const needed = parametersIn(place);
    if (needed.length === 0) return;
    const found = new Set(this.routes.addresses(route).flatMap(parameterNamesIn));
    const missing = needed.find((parameter) => !found.has(parameter));
    if (missing === undefined) return;
    throw new TicketOfficeConfigurationError(
      `@InvitationRequired('${place}', …) on ${controller.name}.${name}: the route has no parameter '${missing}'. Write ':${missing}' in its path, too`,
    );
  }
}
