import * as testing from 'nestjs-ticketoffice/testing';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filesIn, root } from '../support/built-package.js';

it('exports what docs/testing.md describes, and nothing else', () => {
  expect(Object.keys(testing).toSorted()).toEqual([
    'TestClock',
    'TicketOfficeTestingModule',
    'admit',
    'expectSingleUse',
    'recordStamps',
    'ticketFor',
  ]);
});

it('imports no test framework', () => {
  const sources = filesIn('lib/testing').map((file) => readFileSync(`${root}lib/testing/${file}`, 'utf8'));
  const imported = sources.flatMap((source) =>
    [...source.matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name!),
  );
  expect(new Set(imported.filter((name) => !name.startsWith('node:')))).toEqual(
    new Set(['@nestjs/common', '@nestjs/core', '@nestjs/typeorm', 'typeorm']),
  );
});
