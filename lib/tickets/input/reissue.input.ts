import { assertInput } from './arguments.js';
import { type Duration, durationProblem } from './duration.js';
import { Optional, Rule } from './rules.js';

/** What {@link TicketService.reissue} takes besides the ticket's uuid. */
export interface ReissueInput {
  /**
   * Lifetime from now on: in ms, or text such as `'5d'`; `null`: the ticket never expires.
   * @default the expiry that it had before
   */
  readonly expiresIn?: Duration | null;
}

class ReissueRules {
  @Optional()
  @Rule(durationProblem('ever'))
  expiresIn: unknown = undefined;
}

/** @throws TicketInputError with every problem of the input */
export function assertReissueInput(input: unknown): asserts input is ReissueInput {
  assertInput('reissue()', input, ReissueRules);
}
