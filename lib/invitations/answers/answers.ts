import {
  BadRequestException,
  type ExecutionContext,
  ForbiddenException,
  type HttpException,
  HttpStatus,
  Injectable,
  ServiceUnavailableException,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { exceptionWithCode } from '../../nest.versions.js';
import { AdviceLog } from '../../tickets/advice.log.js';
import type { Scope } from '../../tickets/scope.js';
import type { Ticket } from '../../tickets/ticket.entity.js';
import { TicketSettings } from '../../tickets/ticket.settings.js';
import { languagesAskedBy, prefersHtml } from '../client.js';
import { confirmationFields } from '../confirmation.js';
import { isForeignScript } from '../cross-site.js';
import { findRequest, type GuestRequest, nodeResponseOf, responseOf, targetOf } from '../guest-request.js';
import { InvitationSettings } from '../invitation.settings.js';
import type { Pass } from '../passes/pass.js';
import { scopeOf } from '../place.js';
import { isLocal } from '../request-target.js';
import { languageHeaders, REFERRER_POLICY } from './answer-headers.js';
import { type GuestRefusal, refusalFor } from './answer.table.js';
import { DirectAnswer } from './direct-answer.filter.js';
import { languageFor, TAGS } from './languages/languages.js';
import type { Pages } from './page-context.js';
import { type Page, pagePolicy, renderConfirm, renderRefusal, type Rendering } from './pages.js';
import { addRefusalHeaders } from './refusal-headers.js';

/** A form that names no other address goes back to that of its page, as the browser has it, fragment included. */
const OWN_ADDRESS = '';
const NO_REFERRER = 'no-referrer';
const CONFIRM = 'This link is good for one time. Press the button to use it.';

/**
 * Answers guests in place of the handler: a page for a browser, JSON for any other client. Where no response has
 * headers, as over a WebSocket, the exception is the whole answer.
 */
@Injectable()
export class Answers {
  constructor(
    private readonly settings: InvitationSettings,
    private readonly adapterHost: HttpAdapterHost,
    private readonly tickets: TicketSettings,
    private readonly log: AdviceLog,
  ) {}

  /** Keeps what a guarded handler answers out of caches, and its address out of `Referer`. */
  keepPrivate(response: unknown): void {
    this.set(response, 'Cache-Control', 'no-store');
    this.set(response, REFERRER_POLICY, NO_REFERRER);
  }

  /**
   * Lets browsers name their origin with the forms on what an admitted guest is shown: without Fetch Metadata, nothing
   * else tells them from those of another site. For an address without credentials; the other sites still get none.
   */
  showOrigin(response: unknown): void {
    this.set(response, REFERRER_POLICY, 'same-origin');
  }

  /** What to throw so that the guest is redirected to the clean URL (303 See Other). */
  seeOther(response: unknown, location: string): HttpException {
    this.set(response, 'Location', location);
    return new DirectAnswer('', 'See Other', HttpStatus.SEE_OTHER);
  }

  /** What to throw so that the guest sees the page whose button runs the handler. */
  async confirm(request: GuestRequest, ticket: Ticket, pass: Pass): Promise<HttpException> {
    if (!isLocal(targetOf(request))) return this.refuseAddress();
    const facts = { status: HttpStatus.OK, code: 'TICKET_CONFIRM', message: CONFIRM } as const;
    const rendering = this.renderingFor(request, this.settings.pages || {});
    const { place, purpose } = ticket;
    const page = await renderConfirm(
      {
        ...facts,
        place,
        purpose,
        language: rendering.language.tag,
        action: OWN_ADDRESS,
        fields: confirmationFields(request, pass),
        ticket,
      },
      rendering,
    );
    return new DirectAnswer(page.html, facts, facts.status, pageHeaders(page, rendering, true));
  }

  /** What to throw for a request that must change nothing, where the handler would use the ticket up. */
  nothing(): HttpException {
    return new DirectAnswer('', 'OK', HttpStatus.OK);
  }

  /** What to throw for a request whose address, without credentials, a browser could read as another host's. */
  refuseAddress(): HttpException {
    return new BadRequestException('The address of this request cannot be redirected to.');
  }

  /** What to throw in a context that has no HTTP request, and so no place for credentials. */
  refuseContext(): HttpException {
    return exceptionWithCode(
      ForbiddenException,
      'Links and codes are for HTTP handlers only.',
      'TICKET_INVALID',
    );
  }

  /** What to throw for a prefetch: not a success, which the browser would show its guest later. */
  refusePrefetch(): HttpException {
    return new ServiceUnavailableException('This page is not loaded in advance.');
  }

  /** What to throw so that the guest is answered; the error itself when it is a fault of the app. */
  async refuse(context: ExecutionContext, error: unknown): Promise<unknown> {
    const refusal = refusalFor(error);
    const request = findRequest(context);
    if (!refusal || !request) return error;
    const response = responseOf(context);
    const { exception } = refusal;
    // No response, or it has begun: leave the error to the app's filters.
    if (response === undefined || this.adapterHost.httpAdapter.isHeadersSent(response)) return exception;
    const { pages } = this.settings;
    const headers = { ...refusal.headers, [REFERRER_POLICY]: NO_REFERRER };
    if (pages === false || !this.prefersPage(request)) {
      addRefusalHeaders(nodeResponseOf(response), exception.getStatus(), headers);
      return exception;
    }
    const rendering = this.renderingFor(request, pages);
    const page = await this.refusalPage(refusal, scopeOf(context, request), rendering);
    // A guest who has pressed the button twice sees the answer to the second request: it waits for that to the first.
    const reload = page.isBuiltIn && request.method === 'GET' ? refusal.pageHeaders : {};
    return new DirectAnswer(
      page.html,
      exception.getResponse(),
      exception.getStatus(),
      { ...headers, ...reload, ...pageHeaders(page, rendering, false) },
      refusal.error,
    );
  }

  private refusalPage(refusal: GuestRefusal, scope: Scope | undefined, rendering: Rendering): Promise<Page> {
    const { exception, code, error, instant, sentences } = refusal;
    const [status, language] = [exception.getStatus(), rendering.language.tag];
    const { message } = error;
    return renderRefusal({ status, code, message, instant, ...scope, language }, sentences, rendering);
  }

  private renderingFor(request: GuestRequest, pages: Pages): Rendering {
    return { pages, request, language: languageFor(languagesAskedBy(request, TAGS)), log: this.log };
  }

  /** A script of another origin is shown none: it could read what the guest's browser is shown. */
  private prefersPage(request: GuestRequest): boolean {
    return prefersHtml(request) && !isForeignScript(request, this.tickets.baseUrl);
  }

  private set(response: unknown, name: string, value: string): void {
    if (response !== undefined) this.adapterHost.httpAdapter.setHeader(response, name, value);
  }
}

const pageHeaders = (page: Page, { language }: Rendering, leads: boolean): Record<string, string> => ({
  'Content-Security-Policy': pagePolicy(page, leads),
  'X-Robots-Tag': 'noindex',
  ...languageHeaders(page.isBuiltIn ? language.tag : undefined),
});
