import fc from 'fast-check';
import { claim, crash, release, stamp } from './claim.commands.js';
import { authenticate, issue } from './door.commands.js';
import { reissue, reopen, revoke, wait } from './office.commands.js';
import { redeem } from './redeem.commands.js';

export const MINUTE = 60_000;
/** How long a claim holds where that is limited. Waits end one millisecond before it, at it, and after it. */
export const ABANDONED_AFTER = 10 * MINUTE;

const waits = wait(1, 5 * MINUTE, ABANDONED_AFTER - 1);
const reissues = reissue(undefined, undefined, 10 * MINUTE, null);

/** Sequences of calls. What is listed more than once comes more often, so that guests get somewhere. */
export const anySequence = fc.commands(
  [
    issue(10 * MINUTE, 30 * MINUTE, null),
    ...[authenticate, authenticate, authenticate],
    ...[claim, claim, claim, stamp, release, crash],
    ...[redeem, redeem],
    ...[revoke, reissues, reopen],
    ...[waits, waits],
  ],
  { maxCommands: 40, size: 'max' },
);
