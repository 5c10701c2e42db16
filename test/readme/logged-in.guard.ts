import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import { InvitationRequirement } from 'nestjs-ticketoffice';

export interface WithUser {
  readonly headers: { readonly authorization?: string };
  user?: { readonly id: string; readonly roles: readonly string[] };
}

/** Bound as APP_GUARD: lets members in everywhere, and guests where `@InvitationRequired` asks for their ticket. */
@Injectable()
export class LoggedInGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly jwt: JwtService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<WithUser>();
    request.user = await this.memberOf(request);
    if (request.user || this.isForGuests(context)) return true;
    throw new UnauthorizedException();
  }

  private isForGuests(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride(InvitationRequirement, targets) !== undefined;
  }

  private async memberOf({ headers }: WithUser): Promise<WithUser['user']> {
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) return undefined;
    const { sub, roles } = await this.jwt.verifyAsync<{ sub: string; roles: string[] }>(token).catch(() => {
      throw new UnauthorizedException(); // out of date, for example: no guest has one
    });
    return { id: sub, roles };
  }
}
