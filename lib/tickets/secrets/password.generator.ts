import { Injectable } from '@nestjs/common';
import { canonicalPassword, PASSWORD_BYTES } from '../credentials.js';
import { describe } from '../input/rules.js';
import { TicketOfficeConfigurationError } from '../ticket.errors.js';
import { TicketSettings } from '../ticket.settings.js';
import {
  type CodeInput,
  type CodeKind,
  codeKindOf,
  generateSecret,
  isGeneratedSecret,
  leastLength,
  makeCode,
} from './secret.js';
import { parseVerifier } from './verifier.js';

/** A ticket's password, and its kind where it is a code. */
export interface GeneratedPassword {
  readonly password: string;
  readonly code?: CodeKind | undefined;
}

/** Makes the password of a ticket: the one that `issue()` names, else by the app's `passwordGenerator`, else a secret. */
@Injectable()
export class PasswordGenerator {
  constructor(private readonly settings: TicketSettings) {}

  /**
   * @param wanted a human's password, or a code; validated before
   * @throws TicketOfficeConfigurationError when `passwordGenerator` returns what no password can be
   */
  make(wanted?: string | CodeInput): GeneratedPassword {
    if (typeof wanted === 'string') return { password: wanted };
    const code = wanted && codeKindOf(wanted);
    return code ? { password: makeCode(code), code } : { password: this.generate() };
  }

  /** Another password for a ticket: a code in place of a code, long enough for the guesses that are allowed by now. */
  next(verifier: string): GeneratedPassword {
    const code = parseVerifier(verifier)?.code;
    if (!code) return this.make();
    const length = Math.max(code.length, leastLength(code.alphabet, this.settings.maxAttempts));
    const longEnough = { ...code, length };
    return { password: makeCode(longEnough), code: longEnough };
  }

  private generate(): string {
    const { passwordGenerator } = this.settings;
    if (!passwordGenerator) return generateSecret();
    const password: unknown = passwordGenerator();
    const problem = passwordProblem(password);
    if (problem === undefined) return password as string;
    throw new TicketOfficeConfigurationError(`The option passwordGenerator made a password that ${problem}`);
  }
}

/** What is wrong with a human's password; nothing when it is fine. Never shows it. */
export function passwordProblem(value: unknown): string | undefined {
  const password = canonicalPassword(value);
  if (password === undefined) {
    const wanted = `must be well-formed text of 1 to ${PASSWORD_BYTES} bytes of UTF-8, without NUL`;
    return typeof value === 'string' && value !== '' ? wanted : `${wanted}, not ${describe(value)}`;
  }
  return isGeneratedSecret(password)
    ? 'must not have the shape of a generated secret: leave password out to have one made'
    : undefined;
}
