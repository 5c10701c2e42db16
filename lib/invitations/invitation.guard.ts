import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Admission } from '../tickets/admission.js';
import type { Ticket } from '../tickets/ticket.entity.js';
import { NoTicketError, TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { Answers } from './answers.js';
import { cleanUrl } from './clean-url.js';
import { departureOf } from './departure.js';
import { admitInvitation, type GuestRequest, invitationOf, requestOf } from './guest-request.js';
import { InvitationSettings } from './invitation.settings.js';
import { endsPass } from './pass.js';
import { Passes } from './passes.js';
import { type Requirement, requirementOf } from './requirement.js';
import { type ShownCredentials, shownCredentials } from './shown-credentials.js';

/**
 * Admits who holds the required ticket, by credentials or by pass; uses nothing up. `@InvitationRequired` binds it.
 * Holds nothing between requests.
 */
@Injectable()
export class InvitationGuard implements CanActivate {
  constructor(
    protected readonly admission: Admission,
    protected readonly passes: Passes,
    protected readonly answers: Answers,
    protected readonly settings: InvitationSettings,
    protected readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = requirementOf(this.reflector, context);
    if (!requirement)
      throw new TicketOfficeConfigurationError('InvitationGuard: write @InvitationRequired(place, purpose)');
    if (context.getType() !== 'http') throw this.answers.refuseContext();
    const request = requestOf(context);
    // Bound twice, to the controller and to the handler: both ask for what the handler requires.
    if (invitationOf(request)?.isAppropriate(requirement.place, requirement.purpose)) return true;
    const response: unknown = context.switchToHttp().getResponse();
    this.answers.keepPrivate(response);
    try {
      admitInvitation(request, await this.admit(request, response, requirement));
      return true;
    } catch (error) {
      throw await this.answers.refuse(request, response, error);
    }
  }

  /** Credentials go before a pass: a wrong pair is refused even beside a good pass. */
  protected async admit(request: GuestRequest, response: unknown, requirement: Requirement): Promise<Ticket> {
    const shown = shownCredentials(request, requirement);
    return shown
      ? this.admitByCredentials(request, response, requirement, shown)
      : this.admitByPass(request, response, requirement);
  }

  protected async admitByCredentials(
    request: GuestRequest,
    response: unknown,
    { place, purpose }: Requirement,
    { credentials, from }: ShownCredentials,
  ): Promise<Ticket> {
    if (from === 'query' && request.method === 'GET') this.passes.assertKept(request);
    const leaving = () => departureOf(request);
    const ticket = await this.admission.byCredentials(credentials, place, purpose, leaving);
    const { pass } = this.settings;
    if (!pass || from !== 'query' || request.method !== 'GET') return ticket;
    const location = cleanUrl(request.originalUrl);
    if (location === undefined) throw this.answers.refuseAddress();
    await this.passes.grant(request, response, ticket);
    throw this.answers.seeOther(response, location);
  }

  protected async admitByPass(
    request: GuestRequest,
    response: unknown,
    requirement: Requirement,
  ): Promise<Ticket> {
    const pass = this.passes.read(request, requirement);
    if (!pass) throw new NoTicketError();
    try {
      const ticket = await this.admission.byPass(pass, requirement.place, requirement.purpose);
      if (!ticket) throw new NoTicketError();
      return ticket;
    } catch (error) {
      if (endsPass(error)) await this.passes.clear(request, response, requirement);
      throw error;
    }
  }
}
