/** A ticket of a list of guests, with its secret: on the page that issues it, and nowhere else. */
export interface SentTicket {
  readonly guest: string;
  readonly subject: string | null;
  readonly address: string;
  readonly code?: string;
}

/**
 * The tickets as a CSV file, in an address: the secrets are on the page already, and this server keeps none of them. The
 * mark at its beginning tells spreadsheets that it is UTF-8.
 */
export function csvAddress(tickets: readonly SentTicket[]): string {
  const rows = tickets.map(({ guest, subject, address, code }) => [
    guest,
    subject ?? '',
    address,
    code ?? '',
  ]);
  const lines = [['guest', 'about', 'address', 'code'], ...rows].map((row) => row.map(cell).join(','));
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${lines.join('\r\n')}\r\n`)}`;
}

/** A name must not become a formula in a spreadsheet (https://owasp.org/www-community/attacks/CSV_Injection). */
const cell = (text: string): string =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
