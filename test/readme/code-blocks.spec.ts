import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, codeBlocks } from './code.blocks.js';
import { type CompileError, compileErrors } from './compiled.fragments.js';

/** What a block may be besides TypeScript, JSON, JavaScript and shell: no code that runs, or another's. */
const OTHER_LANGUAGES = ['', 'console', 'csv', 'html', 'nginx', 'sql', 'text'];

const WRONG = [
  [
    'another call',
    "await tickets.isue({ place: 'louvre', purpose: 'visit' });",
    "Property 'isue' does not exist",
  ],
  ['another option', "cleaning: { evry: '1h' },", "'evry' does not exist"],
  ['an unknown name', 'await tickets.find(nobody);', "Cannot find name 'nobody'"],
  ['another parameter', '@Get()\nvisit(@Invitation() ticket: Tiket) {}', "Cannot find name 'Tiket'"],
  ['a decorator of something else', '@Module({})\nvisit() {}', 'signature of method decorator'],
  ['dots for what is left out', 'await tickets.issue({ … });', 'is no TypeScript'],
] as const;

describe('The code on the pages', () => {
  const fragments = blocksOf('ts').filter(({ code }) => !code.startsWith('import '));
  // Compiled together: most of the time is spent in reading the types of Nest and TypeORM.
  const wrong = WRONG.map(([what, code]) => ({ at: what, info: 'ts', code }));
  let errors: CompileError[];
  beforeAll(() => {
    errors = compileErrors([...fragments, ...wrong]);
  }, 300_000);

  it('is compiled: all that is TypeScript, with the names of fragment.scope.ts in scope', () => {
    expect(fragments.length).toBeGreaterThan(10);
    const ours = new Set(fragments.map(({ at }) => at));
    expect(errors.filter(({ at }) => ours.has(at))).toEqual([]);
  });

  it.each(WRONG)('would not pass with %s', (what, _, message) => {
    expect(errors).toContainEqual({ at: what, message: expect.stringContaining(message) as string });
  });

  it.each(blocksOf('json').map(({ at, code }) => [at, code]))('is JSON in %s', (_, code) => {
    expect(() => JSON.parse(code) as unknown).not.toThrow();
  });

  it.each(blocksOf('js').map(({ at, code }) => [at, code]))('is JavaScript in %s', (_, code) => {
    const { diagnostics } = ts.transpileModule(code, { fileName: 'block.js', reportDiagnostics: true });
    expect(diagnostics).toEqual([]);
  });

  it.each(blocksOf('sh').map(({ at, code }) => [at, code]))(
    'is what a shell reads in %s',
    async (_, code) => {
      await promisify(execFile)('bash', ['-n', '-c', code]);
    },
  );

  it('is in no other language, and marked as nothing else', () => {
    const known = new Set(['ts', 'json', 'js', 'sh', ...OTHER_LANGUAGES]);
    expect(codeBlocks.filter(({ info }) => !known.has(info))).toEqual([]);
  });
});
