import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { StampingInterceptor, stampsOn } from './stamping.interceptor.js';

/** Tells whether a handler uses its ticket up: by a stamp of its own, of its controller's, or of the whole app's. */
@Injectable()
export class StampedHandlers {
  constructor(private readonly app: ApplicationConfig) {}

  has(context: ExecutionContext): boolean {
    return stampsOn(context.getHandler(), context.getClass()).length > 0 || this.hasAll();
  }

  private hasAll(): boolean {
    const { prototype } = StampingInterceptor;
    return (
      this.app.getGlobalInterceptors().some((interceptor) => interceptor instanceof StampingInterceptor) ||
      this.app
        .getGlobalRequestInterceptors()
        .some(({ metatype }) => prototype.isPrototypeOf(metatype?.prototype))
    );
  }
}
