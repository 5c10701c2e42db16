const ENTRANCES = ['Pyramid', 'Carrousel', 'Richelieu', 'Lions'];
/** Lines in one piece; some 40 kB. */
const BATCH = 1_000;
const SECOND = 1_000;
const OPENS = 9 * 3_600 * SECOND;
const OPEN_FOR = 9 * 3_600 * SECOND;

/** A CSV cell that no spreadsheet takes for a formula. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function daysOf(month: string): Date[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, day) => new Date(Date.UTC(year, number - 1, day + 1)));
}

/** Invented, but the same in every download: closed on Tuesdays, fullest on Saturdays. */
function visitorsOn(day: Date): number {
  const weekday = day.getUTCDay();
  return weekday === 2 ? 0 : 18_000 + weekday * 1_450 + ((day.getUTCDate() * 7_919) % 2_300);
}

/** Time and entrance of each visitor, spread evenly from nine to six. */
function* entriesOf(day: Date): Generator<string> {
  const count = visitorsOn(day);
  for (let visitor = 0; visitor < count; visitor += 1) {
    const instant = day.getTime() + OPENS + Math.floor((visitor * OPEN_FOR) / count);
    const entrance = ENTRANCES[(visitor * 7_919) % ENTRANCES.length];
    yield `${new Date(instant).toISOString().slice(0, 19)}Z,${entrance}`;
  }
}

function* linesOf(month: string, reader: string): Generator<string> {
  yield 'visitor,entered,entrance,prepared for';
  let visitor = 0;
  for (const day of daysOf(month)) {
    for (const entry of entriesOf(day)) {
      visitor += 1;
      yield `${visitor},${entry},${visitor === 1 ? cell(reader) : ''}`;
    }
  }
}

/**
 * The visitors of one month (`2024-05`) as CSV, one a line: some 25 MB, made piece by piece while it is read, so that it
 * is never in memory as a whole.
 */
export function* visitorReport(month: string, reader: string): Generator<string> {
  let batch: string[] = [];
  for (const line of linesOf(month, reader)) {
    batch.push(line, '\r\n');
    if (batch.length < 2 * BATCH) continue;
    yield batch.join('');
    batch = [];
  }
  yield batch.join('');
}
