import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Admission } from '../tickets/admission/admission.js';
import { Refusals } from '../tickets/admission/refusals.js';
import type { Scope } from '../tickets/scope.js';
import type { Ticket } from '../tickets/ticket.entity.js';
import { type CredentialParameters, isCredential } from '../tickets/credential.parameters.js';
import { NoTicketError, type TicketError, TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { credentialParameters, TicketSettings } from '../tickets/ticket.settings.js';
import { Answers } from './answers/answers.js';
import { isBrowser, isInert, isPrefetch } from './client.js';
import { isConfirmed } from './confirmation.js';
import { CrossSiteError, crossSiteAdvice, isCrossSite, isForeignScript } from './cross-site.js';
import { type ExtractedCredentials, extractCredentials } from './extract-credentials.js';
import { disconnectSignal, findRequest, type GuestRequest, responseOf, targetOf } from './guest-request.js';
import { isAdmittedBy, setInvitation } from './invitation.context.js';
import { InvitationSettings } from './invitation.settings.js';
import { hideOwnParameters } from './own-parameters.js';
import { choosePass } from './passes/pass.choice.js';
import { endsPass, type Pass } from './passes/pass.js';
import { Passes } from './passes/passes.js';
import { requestedScope } from './place.js';
import { cleanLocation } from './request-target.js';
import { type Requirement, requirementOf } from './requirement.js';
import { StampedHandlers } from './stamps/stamped-handlers.js';

/** A request to a handler that requires a ticket. */
export interface Visit {
  readonly context: ExecutionContext;
  readonly requirement: Requirement;
  readonly request: GuestRequest;
  /** `undefined` outside HTTP, where there is no header to set, and no redirect. */
  readonly response: unknown;
  /** The place, filled from the route's parameters, and the purpose. */
  readonly scope: Scope;
}

/**
 * Admits the holder of the required ticket, by credentials or by pass; does not use the ticket up. `@InvitationRequired`
 * binds it. Keeps no state between requests.
 *
 * A subclass may override three hooks: {@link admit}, {@link asksToConfirm} and {@link enter}; bind it with
 * `@UseGuards()` beside `@InvitationRequired`.
 */
@Injectable()
export class InvitationGuard implements CanActivate {
  private readonly parameters: CredentialParameters;

  /** @internal Called by Nest's container alone. */
  constructor(
    private readonly admission: Admission,
    private readonly refusals: Refusals,
    private readonly passes: Passes,
    private readonly answers: Answers,
    private readonly settings: InvitationSettings,
    private readonly tickets: TicketSettings,
    private readonly stamped: StampedHandlers,
  ) {
    this.parameters = credentialParameters(tickets);
  }

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
      const scope = requestedScope(requirement, request);
      if (!scope) throw this.refuseNowhere(requirement, request);
      const visit = { context, requirement, request, response, scope };
      const ticket = await this.admit(visit);
      if (response !== undefined) hideOwnParameters(request);
      await this.enter(visit, ticket);
      return true;
    } catch (error) {
      throw await this.answers.refuse(context, error);
    }
  }

  /**
   * Hook: finds the ticket that admits the request. Credentials come first: wrong ones are refused even beside a good
   * pass. One of their two parameters alone, beside a good pass, is the app's own.
   *
   * @throws TicketError whose answer the guest gets; any other error is answered as the app's own
   */
  protected async admit(visit: Visit): Promise<Ticket> {
    const extracted = this.extract(visit);
    const isAppsOwn = extracted?.isHalf && this.passOf(visit) !== undefined;
    return extracted && !isAppsOwn ? this.admitByCredentials(visit, extracted) : this.admitByPass(visit);
  }

  /** Hook: whether a browser has to confirm on a page with one button, before the handler runs. */
  protected asksToConfirm({ context, requirement, request }: Visit): boolean {
    const { confirm = this.settings.confirm } = requirement;
    if (!confirm || request.method !== 'GET') return false;
    if (!this.usesUp(context, requirement)) return false;
    return isBrowser(request) || isForeignScript(request, this.tickets.baseUrl);
  }

  /** Hook: lets an admitted guest through to the handler; makes the guest `request.user` where nobody is logged in. */
  protected async enter({ context, requirement, request, response }: Visit, ticket: Ticket): Promise<void> {
    if (isInert(request) && this.usesUp(context, requirement)) throw this.answers.nothing();
    setInvitation(context, requirement, ticket, this.constructor);
    const { guest } = this.settings;
    const isLoggedIn = (request.user ?? null) !== null;
    if (guest && !isLoggedIn && response !== undefined) request.user = await guest(ticket, request);
  }

  private async admitByCredentials(
    { request, response, requirement, scope }: Visit,
    { credentials, from }: ExtractedCredentials,
  ): Promise<Ticket> {
    const fromLink = from === 'query' && request.method === 'GET' && response !== undefined;
    if (fromLink) this.passes.assertAvailable(request);
    const ticket = await this.admission.byCredentials(credentials, scope, () => disconnectSignal(request));
    if (from !== 'query') this.answers.showOrigin(response);
    if (!this.settings.pass || !fromLink) return ticket;
    const location = cleanLocation(targetOf(request), (name) => isCredential(name, this.parameters));
    if (location === undefined) throw this.answers.refuseAddress();
    await this.passes.grant(request, response, ticket, requirement.pass);
    throw this.answers.seeOther(response, location);
  }

  private async admitByPass(visit: Visit): Promise<Ticket> {
    const { request, response, scope } = visit;
    const pass = this.passOf(visit);
    if (!pass) throw new NoTicketError();
    if (isCrossSite(request, this.tickets.baseUrl)) throw this.refuseCrossSite(visit, pass);
    try {
      const ticket = await this.admission.byPass(pass, scope);
      this.answers.showOrigin(response);
      if (this.asksToConfirm(visit) && !isConfirmed(request, pass)) {
        if (isForeignScript(request, this.tickets.baseUrl)) throw this.refuseCrossSite(visit, pass);
        throw await this.answers.confirm(request, ticket, pass);
      }
      return ticket;
    } catch (error) {
      if (endsPass(error)) this.passes.clear(request, response, pass);
      throw error;
    }
  }

  private refuseCrossSite({ request, scope }: Visit, { uuid }: Pass): TicketError {
    return this.refusals.holder(uuid, scope, new CrossSiteError(), 'cross-site', crossSiteAdvice(request));
  }

  /** Refuses at an address that no ticket can be for. */
  private refuseNowhere(requirement: Requirement, request: GuestRequest): TicketError {
    if (!this.extract({ request, requirement })) return new NoTicketError();
    return this.refusals.stranger(null, requirement, 'malformed');
  }

  private extract({ request, requirement }: Pick<Visit, 'request' | 'requirement'>) {
    return extractCredentials(request, requirement, this.parameters);
  }

  /** The genuine pass that a request is to be admitted by. Outside HTTP there is no page with a button, and any site could use a browser's pass. */
  private passOf({ request, response, requirement, scope }: Visit): Pass | undefined {
    if (response === undefined) return undefined;
    return choosePass(request, this.passes.read(request, scope, requirement.pass));
  }

  /** Whether the handler uses its ticket up: it has a stamp, or requires confirmation itself. */
  private usesUp(context: ExecutionContext, requirement: Requirement): boolean {
    return requirement.confirm === true || this.stamped.has(context);
  }
}
