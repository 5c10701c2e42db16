import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { closing, parties } from './parties.js';
import { allShapes } from './shapes.all.js';

const page = readFileSync(new URL('../../../docs/guarding.md', import.meta.url), 'utf8');

/** The rows of the table with this first heading. */
function rowsBelow(heading: string): string[] {
  const [, table = ''] = page.split(new RegExp(`^\\| ${heading} +\\|.*\\n\\|[ |:-]+\\n`, 'm'));
  const [rows = ''] = table.split(/\n(?!\|)/);
  return rows.split('\n').map((row) => row.replaceAll(/ *\| */g, '|'));
}

const unique = (rows: string[]) => [...new Set(rows)];

describe('docs/guarding.md', () => {
  it('[A-1] has a row for all that the handlers of the table do, and no other', () => {
    const rows = allShapes.map(({ row, outcome }) => `|${row}|${outcome}|`);
    expect(rowsBelow('The handler')).toEqual(unique(rows));
  });

  it('[A-1] has a row for each party that interferes, and no other', () => {
    const rows = [...parties, closing].map(({ row }) => `|${row}|`);
    expect(rowsBelow('Somebody else').map((row) => row.replace('|as the handler decides|', '|'))).toEqual(
      unique(rows),
    );
  });
});
