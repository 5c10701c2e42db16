import { nameProblem } from './arguments.js';
import { Optional, Rule } from './rules.js';
import { subjectProblem } from './subject.rule.js';

/** Which tickets: those with all that is given. Spelled out as `undefined`, a field is an error. */
export interface TicketFilter {
  readonly place?: string;
  readonly purpose?: string;
  /** A number stands for its text: 42 for `'42'`. */
  readonly subject?: string | number;
}

export const FILTER_NAMES: readonly (keyof TicketFilter)[] = ['place', 'purpose', 'subject'];

/** The rules of a place and a purpose, either of which may be left out. */
export class ScopeFilterRules {
  @Optional()
  @Rule(nameProblem)
  place: unknown = undefined;

  @Optional()
  @Rule(nameProblem)
  purpose: unknown = undefined;
}

/** The rules of {@link TicketFilter}; an input with more fields extends them. */
export class FilterRules extends ScopeFilterRules {
  @Optional()
  @Rule(subjectProblem)
  subject: unknown = undefined;
}
