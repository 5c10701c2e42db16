import fc from 'fast-check';
import { claim, crash, release, stamp } from './claim.commands.js';
import { authenticate, issue } from './door.commands.js';
import { ABANDONED_AFTER, MINUTE } from './durations.js';
import { reissue, reopen, revoke, wait } from './office.commands.js';
import { redeem } from './redeem.commands.js';
import { replayPath } from './runs.js';

const waits = wait(1, 5 * MINUTE, ABANDONED_AFTER - 1);
const reissues = reissue(undefined, undefined, 10 * MINUTE, null);

/** Sequences of calls. What is listed more than once comes more often, so that guests get somewhere. */
export const anySequence = fc.commands(
  [
    issue(10 * MINUTE, 30 * MINUTE, null),
    ...[authenticate, authenticate, authenticate],
    ...[claim, claim, claim, stamp, stamp, release, release, crash],
    ...[redeem, redeem],
    ...[revoke, reissues, reopen],
    ...[waits, waits],
  ],
  { maxCommands: 40, size: 'max', replayPath },
);
