import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { csvRecords } from '../../../lib/command-line/csv/csv.records.js';
import { GuestList } from '../../../lib/command-line/csv/guest.list.js';
import { csvText } from '../../../lib/command-line/csv/links.file.js';
import { recordEnds } from '../../../lib/command-line/csv/record.ends.js';
import { collect } from '../../support/collect.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder('guest-list');
const fileOf = (text: string | Uint8Array) => {
  const file = join(folder, 'guests.csv');
  writeFileSync(file, text);
  return file;
};
const COMMON = { place: 'louvre', purpose: 'visit' };
const listOf = (text: string | Uint8Array, common: object = COMMON) =>
  GuestList.open(fileOf(text), common, () => []);

it.each([
  ['', 'is empty: its first line must name its columns'],
  ['\n\n', 'is empty'],
  ['a,,b\n', 'the column 2 has no name in the first line'],
  ['a,b,a\n', 'the column “a” is there twice: rename one'],
  ['a, b\n', 'the column “ b” has blanks around its name'],
  ['a;b\n', 'its cells must be separated by commas'],
  ['a,uuid\n', '“uuid” is one that the output adds (uuid, link, password, expiresAt): rename it'],
  ['a,link\n', 'rename it'],
  ['a,password\n', 'rename it'],
  ['a,expiresAt\n', 'rename it'],
  ['a,__proto__\n', '“__proto__” cannot be a field of data: rename it'],
  ['a,"b\n', 'line 1: a quote is not closed'],
  [Buffer.from('Léonard\n', 'latin1'), 'is not UTF-8: save it as'],
  [Buffer.from('\uFEFFa\n', 'utf16le'), 'is not UTF-8: save it as'],
])('refuses the headers %j', async (text, message) => {
  await expect(listOf(text)).rejects.toThrow(message);
  await expect(listOf(text)).rejects.toMatchObject({ exitCode: 2 });
});

it('refuses an input without a subject where guests must not have two tickets', async () => {
  const message = 'there is no column subject, by which --on-duplicate revoke knows a guest: add it';
  await expect(listOf('a\n', { ...COMMON, onDuplicate: 'revoke' })).rejects.toThrow(message);
});

it.each([
  ['text follows a closing quote', 'a,b\n1,2\n\n3,"4"5\n', 4],
  ['a quote is within a cell', 'a,b\r\n"1\r\n",2\r\n3,4"5\r\n', 4],
  ['a quote is not closed', 'a,b\n1,2\n3,"4\n5,6\n', 3],
  ['a row is longer than a megabyte', `a,b\n1,2\n3,"${'4\n'.repeat(600_000)}`, 3],
])('names the line where %s', async (problem, text, line) => {
  // When the file is opened, or later: it is read ahead.
  const guests = listOf(text).then((list) => collect(list.guests()));
  await expect(guests).rejects.toThrow(`guests.csv, line ${line}: ${problem}`);
});

it('takes each kind of line end, and counts lines as editors do', async () => {
  const text = 'a,b\r\n1,"x\r\ny"\r\n\r\n2,"x\ny"\n3,z\r4,"\r"\n\n ,\n5,6';
  expect((await collect(csvRecords(fileOf(text)))).slice(1)).toEqual([
    { line: 2, cells: ['1', 'x\r\ny'] },
    { line: 5, cells: ['2', 'x\ny'] },
    { line: 7, cells: ['3', 'z'] },
    { line: 8, cells: ['4', '\r'] },
    { line: 12, cells: ['5', '6'] },
  ]);
});

it('makes data of the other columns, whatever their names', async () => {
  const list = await listOf('constructor,subject,place,purpose,prénom\nx,1,,talk,Léonard\n');
  const [guest] = await collect(list.guests());
  expect(guest!.input).toEqual({
    subject: '1',
    place: 'louvre',
    purpose: 'talk',
    data: { constructor: 'x', prénom: 'Léonard' },
  });
});

it('reads what it writes, and finds where each record ends', async () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', '\uFEFF', '\0') }),
  );
  const table = fc.array(fc.tuple(fc.constant('x'), cell, cell), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(table, fc.nat(), async (rows, cut) => {
      const bytes = Buffer.from(csvText(rows));
      const records = await collect(csvRecords(fileOf(bytes)));
      expect(records.map(({ cells }) => cells)).toEqual(rows);
      // Torn anywhere.
      const torn = bytes.subarray(0, cut % (bytes.length + 1));
      const { count, last, size } = await recordEnds(fileOf(torn), 3);
      expect([size, last.length]).toEqual([torn.length, Math.min(3, count)]);
      expect(csvText(rows.slice(0, count))).toBe(bytes.subarray(0, last.at(-1) ?? 0).toString());
      expect(Buffer.byteLength(csvText(rows.slice(0, count + 1)))).toBeGreaterThanOrEqual(torn.length);
    }),
  );
});
