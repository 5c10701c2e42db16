import { type ExecutionContext, Injectable } from '@nestjs/common';
import { RESPONSE_PASSTHROUGH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { HttpAdapterHost } from '@nestjs/core';
import { responseOf } from '../guest-request.js';

/** Decides whether a handler that returned has refused all the same, by a status of 400 or more. */
@Injectable()
export class HandlerOutcome {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  isFailure(context: ExecutionContext): boolean {
    const response = responseOf(context) as { statusCode: number } | undefined;
    if (!response || response.statusCode < 400) return false;
    // An answer that is out before Nest sends the handler's is somebody else's (a time-out's 503, say), and tells
    // nothing of what the handler did: unless sending it was up to the handler.
    return !this.adapterHost.httpAdapter.isHeadersSent(response) || answersItself(context);
  }
}

/** Whether Nest leaves the answer to the handler: for `@Res()` and `@Next()`, without `passthrough`. */
function answersItself(context: ExecutionContext): boolean {
  const controller = context.getClass();
  const name = nameOf(context.getHandler(), controller.prototype as object);
  if (name === undefined || Reflect.getMetadata(RESPONSE_PASSTHROUGH_METADATA, controller, name))
    return false;
  const parameters: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
  return Object.keys(parameters).some((key) =>
    [RouteParamtypes.RESPONSE, RouteParamtypes.NEXT].some((type) => key.startsWith(`${type}:`)),
  );
}

/** Under which name a controller has a handler: a decorator may have wrapped the function that bore it. */
function nameOf(handler: unknown, prototype: object | null): string | undefined {
  if (prototype === null) return undefined;
  const properties = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  const [name] = properties.find(([, { value }]) => value === handler) ?? [];
  return name ?? nameOf(handler, Object.getPrototypeOf(prototype) as object | null);
}
