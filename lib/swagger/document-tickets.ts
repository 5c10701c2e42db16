import type { INestApplicationContext } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { InvitationSettings } from '../invitations/invitation.settings.js';
import { Routes } from '../invitations/routes.js';
import { StampedHandlers } from '../invitations/stamps/stamped-handlers.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { credentialParameters, TicketSettings } from '../tickets/ticket.settings.js';
import { guardedOperations } from './guarded-operations.js';
import { ticketComponents } from './ticket.components.js';
import { assertDocument, assertExtensible } from './openapi-document.check.js';
import { documentTicket, type Office, takesBody } from './ticket.operation.js';

/**
 * Adds tickets to the OpenAPI document of an app: to each operation whose handler has `@InvitationRequired` its security
 * scheme, its parameters, which ticket it needs, and the answers that refuse a guest. What the app has documented itself
 * stays as it is: an answer, a parameter, a security requirement that names `ticket`, a schema `TicketRefusal`.
 *
 * Call it after what changes the app's addresses: `setGlobalPrefix()`, `enableVersioning()`.
 *
 * @param document what `SwaggerModule.createDocument()` has returned; it is changed in place
 * @returns the same document
 * @throws TicketOfficeConfigurationError for an app without `TicketOfficeModule`, and for what is no document, such as a
 * factory of documents, or is frozen
 * @example
 * const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Museum').build());
 * SwaggerModule.setup('api', app, documentTickets(app, document));
 */
export function documentTickets(
  app: Pick<INestApplicationContext, 'get'>,
  document: OpenAPIObject,
): OpenAPIObject {
  assertDocument(document);
  const { routes, stamped, office } = partsOf(app);
  const guarded = [...guardedOperations(routes, document)];
  if (guarded.length === 0) return document;
  assertExtensible([document, ...guarded.map(({ operation }) => operation)]);
  const inBody = guarded.some(({ requirement }) => takesBody(requirement)) ? office.names : undefined;
  document.components = ticketComponents(document.components, inBody);
  for (const { operation, route, ...facts } of guarded) {
    const isStamped = stamped.stampsOn(route.handler, route.controller).length > 0;
    Object.assign(operation, documentTicket(operation, { ...facts, isStamped, office }));
  }
  return document;
}

interface Parts {
  readonly routes: Routes;
  readonly stamped: StampedHandlers;
  readonly office: Office;
}

function partsOf(app: Pick<INestApplicationContext, 'get'>): Parts {
  try {
    const { pass } = app.get(InvitationSettings, { strict: false });
    return {
      routes: app.get(Routes, { strict: false }),
      stamped: app.get(StampedHandlers, { strict: false }),
      office: {
        hasPasses: pass !== false,
        names: credentialParameters(app.get(TicketSettings, { strict: false })),
      },
    };
  } catch (cause) {
    throw Object.assign(noOffice(), { cause });
  }
}

const noOffice = () =>
  new TicketOfficeConfigurationError(
    'documentTickets() finds no TicketOfficeModule in this app: import TicketOfficeModule.forRoot({ … }). Where the app has one, it comes from another copy of ' +
      'nestjs-ticketoffice: load both nestjs-ticketoffice and nestjs-ticketoffice/swagger by import, or both by require()',
  );
