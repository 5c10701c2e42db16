/** A cell that no spreadsheet takes for a formula. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function daysOf(month: string): Date[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, day) => new Date(Date.UTC(year, number - 1, day + 1)));
}

/** Invented, but the same at every download: the museum is closed on Tuesdays and fullest on Saturdays. */
function visitorsOn(day: Date): number {
  const weekday = day.getUTCDay();
  return weekday === 2 ? 0 : 18_000 + weekday * 1_450 + ((day.getUTCDate() * 7_919) % 2_300);
}

/** The visitors of one month (`2024-05`) as CSV, one day a line. */
export function visitorReport(month: string, reader: string): string {
  const lines = daysOf(month).map((day) => `${day.toISOString().slice(0, 10)},${visitorsOn(day)}`);
  return [
    'day,visitors,prepared for',
    ...lines.map((line, row) => `${line},${row ? '' : cell(reader)}`),
    '',
  ].join('\r\n');
}
