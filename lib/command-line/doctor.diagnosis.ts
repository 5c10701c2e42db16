import { CommandLineError, EXIT, sentenceOf } from './failure.js';

/** What a check has found, and what to do about it. */
export interface Finding {
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly advice?: string;
}

export interface Check {
  readonly what: string;
  readonly check: () => Finding | Promise<Finding>;
}

export interface Diagnosis extends Finding {
  readonly what: string;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warn = (message: string, advice?: string): Finding => ({ status: 'warn', message, advice });
export const fail = (message: string, advice?: string): Finding => ({ status: 'fail', message, advice });

/** For a check that depends on one that has failed. */
export class NotCheckedError extends Error {}

export async function diagnosis(what: string, check: Check['check']): Promise<Diagnosis> {
  try {
    return { what, ...(await check()) };
  } catch (error) {
    // Wrong usage, such as a file that is not there, ends the command; so does Ctrl-C.
    if (error instanceof CommandLineError && error.exitCode !== EXIT.failed) throw error;
    const finding = error instanceof NotCheckedError ? warn(error.message) : fail(sentenceOf(error));
    return { what, ...finding };
  }
}
