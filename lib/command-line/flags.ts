import { type Command, InvalidArgumentError } from 'commander';
import { toDuration } from '../tickets/input/duration.js';

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

/** Needs a zone: without one, it would be another instant on another machine. */
export function isoInstant(text: string): Date {
  const instant = new Date(text);
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  if (!isIso || !isDay(text.slice(0, 10)) || Number.isNaN(instant.getTime()))
    throw new InvalidArgumentError('Write an ISO 8601 instant, such as 2026-12-31T00:00:00Z.');
  return instant;
}

/** JavaScript takes the 30th of February for a day of March. */
function isDay(text: string): boolean {
  const day = new Date(text);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
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
