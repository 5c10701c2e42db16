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

  /** @throws TicketOfficeConfigurationError that names what has a part of another copy, and its module */
  onModuleInit(): void {
    const copies = otherCopies();
    // As a rule there is none, and the app need not be searched; where tests load the library anew, there are many.
    const found = copies.length > 0 ? findUse(copies, this.modules) : undefined;
    if (found) throw haveOneCopy(found.copy, found.member);
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
    throw haveOneCopy(copy, findUse([copy], modules)?.member);
  },
});

interface Use {
  readonly copy: Copy;
  readonly member: Member;
}

/** The first member of an app that has a part of one of these copies, or has one of their tokens injected. */
function findUse(copies: readonly Copy[], modules: ModulesContainer): Use | undefined {
  const byPart = copiesBy(copies, ({ parts }) => parts);
  const byToken = copiesBy(copies, ({ tokens }) => tokens);
  for (const member of membersOf(modules, new Set(byPart.keys()))) {
    const owners = [member.type, ...member.factories]
      .map((part) => byPart.get(part))
      .concat(member.injected.map((token) => byToken.get(token)));
    const copy = owners.find((owner) => owner !== undefined);
    if (copy) return { copy, member };
  }
  return undefined;
}

const copiesBy = (
  copies: readonly Copy[],
  keysOf: (copy: Copy) => readonly unknown[],
): ReadonlyMap<unknown, Copy> =>
  new Map(copies.flatMap((copy) => keysOf(copy).map((key): [unknown, Copy] => [key, copy])));

const haveOneCopy = (copy: Copy, found?: Member) =>
  new TicketOfficeConfigurationError(
    copyProblem(found ? `${found.name} in ${found.module}` : 'The app', copy),
  );
