import { assertInput } from './arguments.js';
import { type Duration, durationProblem } from './duration.js';
import { Optional, Rule } from './rules.js';

/** What {@link TicketService.reissue} takes besides the ticket's name. */
export interface ReissueInput {
  /**
   * How long the ticket is valid from now (ms, or a text such as `'5d'`); `null`: for ever.
   * @default as long as it was before
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
