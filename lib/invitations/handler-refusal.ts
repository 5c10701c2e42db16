import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { HttpAdapterHost } from '@nestjs/core';

/** Decides whether a handler that returned has refused all the same, by a status of 400 or more. */
@Injectable()
export class HandlerRefusal {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  isBy(context: ExecutionContext): boolean {
    const response = context.switchToHttp().getResponse<{ statusCode: number }>();
    if (response.statusCode < 400) return false;
    // An answer that is out before the handler has returned is somebody else's (a time-out's 503, say), and tells
    // nothing of what the handler did: unless the handler has the response in its hands, and may have sent it.
    return !this.adapterHost.httpAdapter.isHeadersSent(response) || takesResponse(context);
  }
}

function takesResponse(context: ExecutionContext): boolean {
  const parameters: object =
    Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {};
  return Object.keys(parameters).some((key) =>
    [RouteParamtypes.RESPONSE, RouteParamtypes.NEXT].some((type) => key.startsWith(`${type}:`)),
  );
}
