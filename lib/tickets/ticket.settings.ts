import { type CleaningOptions, cleaningProblem } from './cleaning/cleaning.settings.js';
import { type CredentialParameters, DEFAULT_PARAMETERS, parametersProblem } from './credential.parameters.js';
import { type Duration, durationProblem, toDuration } from './input/duration.js';
import { functionProblem, Optional, Rule, WholeNumber } from './input/rules.js';

/** A limit of more than a thousand guesses limits nothing. */
const MAX_ATTEMPTS = 1000;

/** The options for tickets: the default of each, and its rule. Also an injection token. */
export class TicketSettings {
  @Optional()
  @Rule(baseUrlProblem)
  readonly baseUrl: string | undefined = undefined;

  @Rule(durationProblem('ever'))
  readonly expiresIn: Duration | null = '24h';

  @Optional()
  @Rule(functionProblem('that returns a password: () => string'))
  readonly passwordGenerator: (() => string) | undefined = undefined;

  @WholeNumber(1, MAX_ATTEMPTS)
  readonly maxAttempts: number = 5;

  @Rule(durationProblem('never'))
  readonly abandonedAfter: Duration | null = null;

  @Rule(parametersProblem)
  readonly parameters: Partial<CredentialParameters> = {};

  @Rule(cleaningProblem)
  readonly cleaning: Partial<CleaningOptions> = {};

  @Rule(functionProblem('that returns the time: () => new Date()'))
  readonly now: () => Date = () => new Date();
}

/** The names of the parameters that carry the credentials. */
export const credentialParameters = ({
  parameters: { uuid = DEFAULT_PARAMETERS.uuid, password = DEFAULT_PARAMETERS.password },
}: Pick<TicketSettings, 'parameters'>): CredentialParameters => ({ uuid, password });

/** A claim that was made at this instant or before counts as abandoned now; in ms since 1970. */
export const abandonedUntil = (
  { abandonedAfter }: Pick<TicketSettings, 'abandonedAfter'>,
  now: Date,
): number => (abandonedAfter === null ? BEFORE_ALL_CLAIMS : now.getTime() - toDuration(abandonedAfter)!);

const BEFORE_ALL_CLAIMS = Number.MIN_SAFE_INTEGER;

export function baseUrlProblem(value: unknown): string | undefined {
  const url =
    typeof value === 'string' && !/[?#\s]/.test(value) && URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  return isPlain
    ? undefined
    : "must be an http(s) URL without query, hash or user, such as 'https://museum.example'";
}
