import { type Command, InvalidArgumentError } from 'commander';
import { toDuration } from '../tickets/input/duration.js';
import { readInstant } from '../tickets/input/instant.js';

// How values of flags are read. What a value may be is the ticket office's to say.

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Write JSON, such as \'{"firstName":"Léonard"}\'.');
  }
}

export function milliseconds(text: string): number {
  const duration = toDuration(text);
  if (duration === undefined) throw new InvalidArgumentError('Write a duration, such as 30d or 12h.');
  return duration;
}

export function isoInstant(text: string): Date {
  const found = readInstant(text);
  if (!found) throw new InvalidArgumentError('Write an ISO 8601 instant, such as 2026-12-31T00:00:00Z.');
  return found;
}

/** The flags that say which tickets. */
export interface Filter {
  readonly place?: string;
  readonly purpose?: string;
  readonly subject?: string;
}

export const withFilter = (command: Command): Command =>
  command
    .option('--place <name>', 'only tickets for this place')
    .option('--purpose <name>', 'only tickets for this purpose')
    .option('--subject <text>', 'only tickets about this subject');
