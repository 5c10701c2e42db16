import {
  type FactoryProvider,
  Global,
  type InjectionToken,
  Module,
  type OnModuleInit,
  Scope,
  type Type,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type Copy, copyProblem, otherCopies } from './copies.js';
import { type Member, membersOf } from './nest.internals.js';
import { TicketOfficeConfigurationError } from './tickets/ticket.errors.js';

/**
 * Rejects, at boot, an app that has parts of another copy of the library than its `TicketOfficeModule`: they would get
 * nothing of it. Other apps of the process may have that copy.
 */
@Global()
@Module({})
export class OneCopyCheck implements OnModuleInit {
  constructor(private readonly modules: ModulesContainer) {}

  /** This module, for the copies that are loaded when Nest asks for it: after all that the app imports. */
  static forLoadedCopies(this: void): Type {
    const providers = otherCopies().flatMap((copy) => copy.tokens.map((token) => refusing(token, copy)));
    Module({ providers, exports: providers })(OneCopyCheck);
    return OneCopyCheck;
  }

  /** @throws TicketOfficeConfigurationError that names what has a part of the other copy, and its module */
  onModuleInit(): void {
    for (const copy of otherCopies()) {
      const found = findMember(copy, this.modules);
      if (found) throw haveOneCopy(copy, found);
    }
  }
}

/**
 * Stands for what another copy exports: where it is injected, Nest would report no more than that it is missing. Nest
 * makes none where it is not injected.
 */
const refusing = (provide: InjectionToken, copy: Copy): FactoryProvider => ({
  provide,
  scope: Scope.TRANSIENT,
  inject: [ModulesContainer],
  useFactory: (modules: ModulesContainer) => {
    throw haveOneCopy(copy, findMember(copy, modules));
  },
});

const findMember = ({ tokens, parts }: Copy, modules: ModulesContainer): Member | undefined =>
  membersOf(modules, parts).find(
    ({ type, injected, factories }) =>
      [type, ...factories].some((part) => parts.includes(part)) ||
      injected.some((token) => tokens.includes(token)),
  );

const haveOneCopy = (copy: Copy, found?: Member) =>
  new TicketOfficeConfigurationError(
    copyProblem(found ? `${found.name} in ${found.module}` : 'The app', copy),
  );
