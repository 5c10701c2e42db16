import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, UseInterceptors } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiForbiddenResponse,
  ApiOperation,
  ApiProperty,
  ApiQuery,
  ApiSecurity,
  DocumentBuilder,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import {
  Invitation,
  InvitationRequired,
  StampInvitation,
  type Ticket,
  TicketOfficeConfigurationError,
} from 'nestjs-ticketoffice';
import { documentTickets } from 'nestjs-ticketoffice/swagger';
import { describe, expect, it } from 'vitest';
import { request } from '../support/adapters.js';
import { ownResources } from '../support/suite-scope.js';
import { describeApp, undocumented } from './describe-app.js';
import { faultsIn } from './document-faults.js';

class Answer {
  @ApiProperty()
  text!: string;
}

@Controller()
class MuseumController {
  @Get('open')
  open() {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }

  @Get('report/:id')
  @InvitationRequired('report/:id', 'download')
  @ApiOperation({ description: 'Sends a report.' })
  @ApiForbiddenResponse({ description: 'Not for children.' })
  @ApiQuery({ name: 'uuid', description: 'Our own.' })
  report(@Query('page') page: string) {
    return page;
  }

  @Get('hall/:hall')
  @InvitationRequired('hall/:hall', 'visit')
  hall(@Param('hall') hall: string) {
    return hall;
  }

  @Post('door')
  @HttpCode(200)
  @InvitationRequired('door', 'enter', { credentials: ['body'] })
  door() {}

  @Put('poll')
  @InvitationRequired('poll', 'answer', { credentials: ['body'] })
  poll(@Body() answer: Answer) {
    return answer;
  }

  @Get('members')
  @InvitationRequired('members', 'visit')
  @ApiBearerAuth()
  members() {}

  @Get('either')
  @InvitationRequired('either', 'visit')
  @ApiBearerAuth()
  @ApiSecurity('ticket')
  either() {}
}

const parts = { controllers: [MuseumController] };
const inQuery = ({ parameters }: { parameters: { name: string; in: string }[] }) =>
  parameters.filter((one) => one.in === 'query').map(({ name }) => name);

describe('documentTickets()', () => {
  ownResources();

  it('adds the scheme, the parameters and the refusals to a guarded route, and says which ticket it needs', async () => {
    const { document, at } = await describeApp(parts);
    const visit = at('/louvre');
    expect(document.components!.securitySchemes).toMatchObject({
      ticket: { type: 'apiKey', in: 'header', name: 'Authorization' },
    });
    expect(visit.security).toEqual([{ ticket: [] }]);
    expect(inQuery(visit)).toEqual(['uuid', 'password', 'ticket-uuid']);
    expect(visit.parameters.some(({ required }) => required)).toBe(false);
    expect(Object.keys(visit.responses)).toEqual(['200', '303', '401', '403', '409', '503']);
    expect(visit.description).toBe(
      'Needs a ticket for the place `louvre` and the purpose `visit`, which success uses up.',
    );
    expect(at('/hall/{hall}').description).toBe(
      'Needs a ticket for the place `hall/{hall}` and the purpose `visit`.',
    );
  });

  it('leaves a route without a ticket, and the success of one with a ticket, as they are', async () => {
    const { app, document, at } = await describeApp(parts);
    const before = undocumented(app);
    expect(document.paths['/open']).toEqual(before.paths['/open']);
    expect(at('/louvre').responses['200']).toEqual(before.paths['/louvre']!.get!.responses['200']);
    expect(at('/poll', 'put').responses['200']).toEqual(before.paths['/poll']!.put!.responses['200']);
  });

  it('changes the document that it returns, and nothing more when it is called again', async () => {
    const { app } = await describeApp(parts);
    const document = undocumented(app);
    expect(documentTickets(app, document)).toBe(document);
    const once = structuredClone(document);
    expect(documentTickets(app, document)).toEqual(once);
  });

  it('tells of each status its codes and headers', async () => {
    const { at } = await describeApp(parts);
    const { responses } = at('/louvre');
    const described = Object.entries(responses).map(([status, { headers = {}, content }]) => [
      status,
      Object.keys(headers),
      /"enum":(\[[^\]]*\])/.exec(JSON.stringify(content ?? {}))?.[1],
    ]);
    expect(described).toEqual([
      ['200', [], undefined],
      ['303', ['Location'], undefined],
      ['401', ['WWW-Authenticate'], '["TICKET_MISSING"]'],
      ['403', [], '["TICKET_INVALID","TICKET_USED","TICKET_EXPIRED","TICKET_REVOKED"]'],
      ['409', ['Retry-After'], '["TICKET_BUSY"]'],
      ['503', ['Retry-After'], '["TICKET_OFFICE_BUSY"]'],
    ]);
  });

  it('describes what is really sent', async () => {
    const { app, tickets, document, at } = await describeApp(parts);
    const { required, properties } = document.components!.schemas!['TicketRefusal'] as {
      required: string[];
      properties: Record<string, { enum?: string[] }>;
    };
    const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
    const { uuid, password } = credentials;
    const ask = (authorization: string) => request(app).get('/louvre').set('Authorization', authorization);
    const opened = await request(app).get(`/louvre?uuid=${uuid}&password=${password}`);
    expect([opened.status, Object.keys(at('/louvre').responses)]).toEqual([
      303,
      expect.arrayContaining(['303']),
    ]);
    expect((await ask(`Ticket ${uuid}:${password}`)).status).toBe(200);
    const refused = [
      await ask(''),
      await ask(`Ticket ${uuid}:wrong`),
      await ask(`Ticket ${uuid}:${password}`),
    ];
    expect(refused.map(({ body }) => (body as { errorCode: string }).errorCode)).toEqual([
      'TICKET_MISSING',
      'TICKET_INVALID',
      'TICKET_USED',
    ]);
    for (const { status, body, headers } of refused) {
      const described = at('/louvre').responses[status]!;
      const { errorCode, ...fields } = body as Record<string, unknown>;
      expect(Object.keys(body as object)).toEqual(expect.arrayContaining(required));
      expect(Object.keys(fields).filter((name) => !(name in properties))).toEqual([]);
      expect(properties['errorCode']!.enum).toContain(errorCode);
      expect(JSON.stringify(described.content)).toContain(`"${String(errorCode)}"`);
      const { examples } = described.content!['application/json']!;
      const { message, ...example } = examples[String(errorCode)]!.value;
      expect([body, typeof message]).toEqual([expect.objectContaining(example), 'string']);
      for (const name of Object.keys(described.headers ?? {}))
        expect(headers).toHaveProperty(name.toLowerCase());
    }
  });

  it('keeps what the app has documented itself', async () => {
    const { at } = await describeApp(parts);
    const report = at('/report/{id}');
    expect(report.responses['403']!.description).toBe('Not for children.');
    expect(report.responses['401']!.content).toBeDefined();
    expect(report.parameters.filter(({ name }) => name === 'uuid')).toMatchObject([
      { description: 'Our own.' },
    ]);
    expect(report.description).toBe(
      'Sends a report.\n\nNeeds a ticket for the place `report/{id}` and the purpose `download`.',
    );
  });

  it('keeps a scheme, and a schema of refusals, that the app has under their names', async () => {
    const config = new DocumentBuilder().addSecurity('ticket', { type: 'http', scheme: 'Ticket' }).build();
    config.components!.schemas = { TicketRefusal: { type: 'string' } };
    const { document } = await describeApp(parts, { config });
    expect(document.components!.securitySchemes!['ticket']).toEqual({ type: 'http', scheme: 'Ticket' });
    expect(document.components!.schemas!['TicketRefusal']).toEqual({ type: 'string' });
    expect(document.components!.schemas!['Answer']).toBeDefined();
  });

  it('requires the ticket beside what the handler requires, instead of what the whole document does', async () => {
    const config = new DocumentBuilder().addBearerAuth().addSecurityRequirements('bearer').build();
    const { document, at } = await describeApp(parts, { config });
    expect(document.security).toEqual([{ bearer: [] }]);
    expect(at('/louvre').security).toEqual([{ ticket: [] }]);
    expect(at('/members').security).toEqual([{ bearer: [], ticket: [] }]);
    expect(at('/open').security).toBeUndefined();
  });

  it('keeps the requirement of a handler that names the scheme itself', async () => {
    const { at } = await describeApp(parts);
    expect(at('/either').security).toEqual(expect.arrayContaining([{ bearer: [] }, { ticket: [] }]));
    expect(at('/either').security).toHaveLength(2);
  });

  it('adds the parameters of the path that the handler does not read, once', async () => {
    const { at } = await describeApp(parts);
    const inPath = (path: string) => at(path).parameters.filter((one) => one.in === 'path');
    expect(inPath('/report/{id}')).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    ]);
    expect(inPath('/hall/{hall}')).toHaveLength(1);
  });

  it('describes the credentials in a body, beside the app’s own schema', async () => {
    const { document, at } = await describeApp(parts);
    const credentials = { $ref: '#/components/schemas/TicketCredentials' };
    expect(document.components!.schemas!['TicketCredentials']).toMatchObject({
      properties: { uuid: { format: 'uuid' }, password: { format: 'password' } },
    });
    expect(at('/door', 'post').requestBody!.content).toEqual({
      'application/json': { schema: credentials },
      'application/x-www-form-urlencoded': { schema: credentials },
    });
    expect(at('/poll', 'put').requestBody!.content['application/json']!.schema).toEqual({
      allOf: [{ $ref: '#/components/schemas/Answer' }, credentials],
    });
    expect(document.components!.schemas!['Answer']).toEqual({
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
    });
    expect(at('/louvre').requestBody).toBeUndefined();
  });

  it('names the parameters as the option does, and none of passes where there are none', async () => {
    const options = { parameters: { uuid: 'card', password: 'pin' }, pass: false } as const;
    const { document, at } = await describeApp({ ...parts, options });
    expect(inQuery(at('/louvre'))).toEqual(['card', 'pin']);
    expect(at('/louvre').responses['303']).toBeUndefined();
    expect(JSON.stringify(document.components!.schemas!['TicketCredentials'])).toContain('"card"');
  });

  it('names a redirect for GET alone', async () => {
    const { at } = await describeApp(parts);
    expect(Object.keys(at('/door', 'post').responses)).toEqual(['200', '401', '403', '409', '503']);
  });

  it.each(['3.0.0', '3.1.0'])('leaves a valid document of OpenAPI %s', async (version) => {
    const config = new DocumentBuilder().setOpenAPIVersion(version).addBearerAuth().build();
    const { document } = await describeApp(parts, { config });
    expect(document.openapi).toBe(version);
    expect(faultsIn(document)).toEqual([]);
  });

  it('adds nothing to an app without a guarded route', async () => {
    @Controller()
    class OpenController {
      @Get()
      open() {}
    }
    const { app, document } = await describeApp({ controllers: [OpenController] });
    expect(document).toEqual(undocumented(app));
  });

  it('rejects an app without a ticket office', async () => {
    const app = (await Test.createTestingModule({}).compile()).createNestApplication();
    expect(() => documentTickets(app, undocumented(app))).toThrow(TicketOfficeConfigurationError);
    expect(() => documentTickets(app, undocumented(app))).toThrow('import TicketOfficeModule.forRoot');
  });

  it.each<[string, (document: OpenAPIObject) => unknown]>([
    ['a function', (document) => () => document],
    ['a promise', (document) => Promise.resolve(document)],
    ['an object without paths', () => ({})],
    ['an object without paths', (document) => ({ ...document, paths: null })],
    ['an object without paths', (document) => ({ ...document, paths: [] })],
    ['an array', (document) => [document]],
    ['a string', (document) => JSON.stringify(document)],
    ['null', () => null],
    ['undefined', () => undefined],
  ])('rejects %s in place of a document, and says what to write', async (kind, made) => {
    const { app } = await describeApp(parts);
    const add = () => documentTickets(app, made(undocumented(app)) as OpenAPIObject);
    expect(add).toThrow(TicketOfficeConfigurationError);
    expect(add).toThrow(`not to ${kind}: pass what SwaggerModule.createDocument() has returned`);
    expect(add).toThrow('() => documentTickets(app, SwaggerModule.createDocument(app, config))');
  });

  it('rejects a frozen document, and one with a frozen operation, before it changes anything', async () => {
    const { app } = await describeApp(parts);
    const frozen = Object.freeze(undocumented(app));
    expect(() => documentTickets(app, frozen)).toThrow('pass a copy, structuredClone(document)');
    expect(documentTickets(app, structuredClone(frozen)).components!.schemas).toHaveProperty('TicketRefusal');
    const partly = undocumented(app);
    Object.freeze(partly.paths['/report/{id}']!.get);
    expect(() => documentTickets(app, partly)).toThrow(TicketOfficeConfigurationError);
    expect(partly.components?.schemas).not.toHaveProperty('TicketRefusal');
  });

  it('skips a path that has been taken out', async () => {
    const { app } = await describeApp(parts);
    const document = undocumented(app);
    Object.assign(document.paths, { '/louvre': null, '/open': undefined });
    const { paths } = documentTickets(app, document);
    expect([paths['/louvre'], paths['/open']]).toEqual([null, undefined]);
    expect(paths['/report/{id}']!.get!.description).toContain('Needs a ticket');
  });
});
