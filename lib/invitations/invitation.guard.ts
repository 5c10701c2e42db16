import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Admission } from '../tickets/admission/admission.js';
import { TicketEvents } from '../tickets/events/ticket.events.js';
import type { Ticket } from '../tickets/ticket.entity.js';
import {
  CredentialsError,
  NoTicketError,
  type TicketError,
  TicketOfficeConfigurationError,
} from '../tickets/ticket.errors.js';
import { admitInvitation, isAdmittedBy } from './invitation.context.js';
import { Answers } from './answers/answers.js';
import { isBrowser, isInert, isPrefetch } from './client.js';
import { cleanUrl } from './request-target.js';
import { hideConfirmation, isConfirmed } from './confirmation.js';
import { CrossSiteError, isCrossSite } from './cross-site.js';
import { disconnectSignal, findRequest, type GuestRequest, responseOf, targetOf } from './guest-request.js';
import { type Door, doorOf } from './place.js';
import { InvitationSettings } from './invitation.settings.js';
import { endsPass, isOver } from './passes/pass.js';
import { Passes } from './passes/passes.js';
import { type Requirement, requirementOf } from './requirement.js';
import { type ExtractedCredentials, extractCredentials } from './extract-credentials.js';
import { StampedHandlers } from './stamps/stamped-handlers.js';

/** A request at a door. */
export interface Visit {
  readonly context: ExecutionContext;
  readonly requirement: Requirement;
  readonly request: GuestRequest;
  /** `undefined` in a context that is none of HTTP's: there is nothing to set a header on, and nowhere to redirect. */
  readonly response: unknown;
  readonly door: Door;
}

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
    protected readonly events: TicketEvents,
    protected readonly stamped: StampedHandlers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = requirementOf(context);
    if (!requirement)
      throw new TicketOfficeConfigurationError('InvitationGuard: write @InvitationRequired(place, purpose)');
    if (isAdmittedBy(context, this.constructor)) return true;
    const request = findRequest(context);
    if (!request) throw this.answers.refuseContext();
    const response = responseOf(context);
    this.answers.keepPrivate(response);
    if (isPrefetch(request)) throw this.answers.refusePrefetch();
    try {
      const door = doorOf(requirement, request);
      if (!door) throw this.refuseNowhere(requirement, request);
      const visit = { context, requirement, request, response, door };
      await this.enter(visit, await this.admit(visit));
      return true;
    } catch (error) {
      throw await this.answers.refuse(request, response, error);
    }
  }

  /** Credentials go before a pass: a wrong pair is refused even beside a good pass. */
  protected async admit(visit: Visit): Promise<Ticket> {
    const shown = extractCredentials(visit.request, visit.requirement);
    return shown ? this.admitByCredentials(visit, shown) : this.admitByPass(visit);
  }

  protected async admitByCredentials(
    visit: Visit,
    { credentials, from }: ExtractedCredentials,
  ): Promise<Ticket> {
    const { request, response, door } = visit;
    const fromLink = from === 'query' && request.method === 'GET' && response !== undefined;
    if (fromLink) this.passes.assertAvailable(request);
    const disconnected = () => disconnectSignal(request);
    const { place, purpose } = door;
    const ticket = await this.admission
      .byCredentials(credentials, place, purpose, disconnected)
      .catch((error: unknown) => {
        // The pass that this very link gave ends with it; one of another ticket's stays.
        if (fromLink && isOver(error)) this.passes.clear(request, response, door, credentials.uuid);
        throw error;
      });
    if (!this.settings.pass || !fromLink) return ticket;
    const location = cleanUrl(targetOf(request));
    if (location === undefined) throw this.answers.refuseAddress();
    await this.passes.grant(request, response, ticket);
    throw this.answers.seeOther(response, location);
  }

  protected async admitByPass(visit: Visit): Promise<Ticket> {
    const { request, response, door } = visit;
    // Elsewhere than in HTTP there is no page to press a button on, and a browser's pass would open to every site.
    const pass = response === undefined ? undefined : this.passes.read(request, door);
    if (!pass) throw new NoTicketError();
    if (isCrossSite(request, this.settings.origin)) {
      this.events.emitRefused({ uuid: pass.uuid, ...door }, 'cross-site', true);
      throw new CrossSiteError();
    }
    try {
      const ticket = await this.admission.byPass(pass, door.place, door.purpose);
      if (!ticket) throw new NoTicketError();
      if (this.asksToConfirm(visit) && !isConfirmed(request, pass))
        throw await this.answers.confirm(request, response, ticket, pass);
      hideConfirmation(request);
      return ticket;
    } catch (error) {
      if (endsPass(error)) this.passes.clear(request, response, door);
      throw error;
    }
  }

  /** For an address that no ticket can be for. */
  private refuseNowhere(requirement: Requirement, request: GuestRequest): TicketError {
    if (!extractCredentials(request, requirement)) return new NoTicketError();
    this.events.emitRefused({ uuid: null, ...requirement }, 'malformed', false);
    return new CredentialsError();
  }

  /** Whether a handler is not to run before a human being has pressed the button. */
  protected asksToConfirm({ context, requirement, request }: Visit): boolean {
    const { confirm = this.settings.confirm } = requirement;
    if (!confirm || request.method !== 'GET') return false;
    return this.usesUp({ context, requirement }) && isBrowser(request);
  }

  /** Whether the handler uses its ticket up: it has a stamp, or asks by itself to be confirmed. */
  protected usesUp({ context, requirement }: Pick<Visit, 'context' | 'requirement'>): boolean {
    return requirement.confirm === true || this.stamped.has(context);
  }

  /** Lets an admitted guest through to the handler; makes it the request's user where nobody is logged in. */
  protected async enter(visit: Visit, ticket: Ticket): Promise<void> {
    const { context, request, response } = visit;
    if (isInert(request) && this.usesUp(visit)) throw this.answers.nothing();
    admitInvitation(context, ticket, this.constructor);
    const { guest } = this.settings;
    const isNobody = (request.user ?? null) === null;
    if (guest && isNobody && response !== undefined) request.user = await guest(ticket, request);
  }
}
