import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import {
  BadRequestException,
  ConflictException,
  Controller,
  ForbiddenException,
  Get,
  type INestApplication,
  Res,
  ServiceUnavailableException,
  StreamableFile,
  UnauthorizedException,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { streamsIterables } from '../lib/nest.internals.js';
import { appendHeader, exceptionWithCode, failingWhenRead } from '../lib/nest.versions.js';
import { eachAdapter, request, startNestApp } from './support/adapters.js';
import { isAtLeast, nestStreams } from './support/versions.js';

describe('an exception', () => {
  it.each([
    [UnauthorizedException, 401, 'Unauthorized'],
    [ForbiddenException, 403, 'Forbidden'],
    [ConflictException, 409, 'Conflict'],
    [ServiceUnavailableException, 503, 'Service Unavailable'],
  ] as const)('%o has its errorCode and its body as Nest 12 makes them', (Exception, statusCode, error) => {
    const cause = new Error('the cause');
    const exception = exceptionWithCode(Exception, 'No', 'TICKET_USED', cause);
    expect(exception).toBeInstanceOf(Exception);
    expect(exception).toMatchObject({ message: 'No', errorCode: 'TICKET_USED', cause });
    expect(JSON.stringify(exception.getResponse())).toBe(
      `{"message":"No","error":"${error}","statusCode":${statusCode},"errorCode":"TICKET_USED"}`,
    );
    const options: object = { errorCode: 'TICKET_USED', cause };
    const ofNest = new Exception('No', options);
    if (isAtLeast('12.0.0', '@nestjs/core'))
      expect(Object.entries(exception)).toEqual(Object.entries(ofNest));
    expect(exceptionWithCode(Exception, 'No', 'TICKET_USED')).not.toHaveProperty('cause', expect.anything());
  });

  it('without a code has its description in its body', () => {
    const bodies = [new BadRequestException('No'), new ServiceUnavailableException('No')];
    expect(bodies.map((exception) => JSON.stringify(exception.getResponse()))).toEqual([
      '{"message":"No","error":"Bad Request","statusCode":400}',
      '{"message":"No","error":"Service Unavailable","statusCode":503}',
    ]);
  });
});

@Controller()
class HeaderController {
  constructor(private readonly host: HttpAdapterHost) {}

  @Get()
  append(@Res({ passthrough: true }) response: object) {
    appendHeader(this.host.httpAdapter, response, 'Content-Security-Policy', "img-src 'none'");
    for (const cookie of ['ours=1', 'ours=2'])
      appendHeader(this.host.httpAdapter, response, 'Set-Cookie', cookie);
    return 'sent';
  }

  @Get('file')
  async file() {
    const stream = Readable.from([]).destroy(new Error('no such file'));
    await once(stream, 'error').catch(() => undefined);
    const file = new StreamableFile(stream).setErrorHandler((error, response) => {
      response.statusCode = 404;
      response.send(error.message);
    });
    return failingWhenRead(file, stream.errored!);
  }

  @Get('iterable')
  iterate() {
    return { name: 'art', [Symbol.asyncIterator]: chunks };
  }
}

async function* chunks() {
  yield await Promise.resolve('a chunk');
}

eachAdapter('an answer of Nest', (adapter) => {
  const middleware = (_: unknown, response: ServerResponse, next: () => void) => {
    response.setHeader('Content-Security-Policy', "object-src 'none'");
    response.setHeader('Set-Cookie', ['theme=dark', 'lang=fr']);
    next();
  };
  let app: INestApplication;
  beforeAll(async () => {
    const before = (starting: INestApplication) => starting.use(middleware);
    app = await startNestApp(adapter, { controllers: [HeaderController] }, { before });
  });

  it('HttpAdapter.appendHeader() keeps what a middleware has set, once each', async () => {
    const { headers } = await request(app).get('/');
    expect(headers['set-cookie']).toEqual(['theme=dark', 'lang=fr', 'ours=1', 'ours=2']);
    expect(headers['content-security-policy']).toBe("object-src 'none', img-src 'none'");
  });

  it.runIf(adapter.name === 'Express')(
    'StreamableFile has its error handler called when it is read',
    async () => {
      expect((await request(app).get('/file')).status).toBe(404);
    },
  );

  it('RouterResponseController.stream() is there where Nest streams an iterable', async () => {
    expect(streamsIterables).toBe(nestStreams);
    expect((await request(app).get('/iterable')).text).toBe(nestStreams ? 'a chunk' : '{"name":"art"}');
  });
});
