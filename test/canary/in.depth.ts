import { format, inspect, type InspectOptions } from 'node:util';

const WHOLE: InspectOptions = {
  depth: 12,
  showHidden: true,
  maxArrayLength: Infinity,
  maxStringLength: Infinity,
  compact: false,
};

/** The memory behind a Buffer is Node's, and has what others have put there. */
const withoutPools = (text: string): string => text.replace(/\[Uint8Contents\]: <[^>]*>/g, '');

/** What a value prints as, to whatever depth, and however its copies print. */
export const printed = (value: unknown): string =>
  [
    inspect(value, WHOLE),
    format('%s %o %O %j', value, value, value, value),
    attempt(() => JSON.stringify(value)),
    attempt(() => JSON.stringify({ ...Object(value) } as object)),
    attempt(() => String(value)),
  ].join('\n');

/**
 * All that can be got out of a value: what it prints as, and what it holds by any name, hidden properties, getters,
 * causes and symbols included, whatever its class shows of itself by its own choice.
 */
export const inDepth = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : withoutPools(
        [printed(value), inspect(value, { ...WHOLE, customInspect: false, getters: true })].join('\n'),
      );

function attempt(print: () => string | undefined): string {
  try {
    return print() ?? '';
  } catch (error) {
    return String(error);
  }
}
