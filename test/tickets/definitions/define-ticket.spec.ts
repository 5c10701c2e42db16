import { IsString, ValidateNested } from 'class-validator';
import { defineTicket, TicketInputError } from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VisitorData } from './visitors.js';

const visit = { place: 'louvre', purpose: 'visit' };

function faultsOf(fields: unknown): readonly string[] {
  try {
    defineTicket(fields as never);
  } catch (error) {
    expect(error).toBeInstanceOf(TicketInputError);
    expect((error as Error).message).toMatch(/^defineTicket\(\): /);
    return (error as TicketInputError).faults;
  }
  return [];
}

class WithoutRules {
  firstName!: string;
}

class WithAMethod extends VisitorData {
  greet() {
    return `Welcome ${this.firstName}`;
  }
}

class WithADefault extends VisitorData {
  vip = false;
}

class WithArguments {
  @IsString()
  readonly firstName: string;

  constructor({ firstName }: { firstName: string }) {
    this.firstName = firstName;
  }
}

class WithAList {
  @ValidateNested({ each: true })
  guests!: VisitorData[];
}

class WithAnUnruledObject {
  @ValidateNested()
  guest!: WithoutRules;
}

describe('defineTicket()', () => {
  it('takes all fields, and copies them so that nothing changes them', () => {
    const password = { digits: 8 };
    const credentials = ['body' as const];
    const fields = {
      ...visit,
      data: VisitorData,
      path: '/louvre?from=mail#top',
      expiresIn: '5d' as const,
      password,
      onDuplicate: 'revoke' as const,
      confirm: false,
      credentials,
    };
    const definition = defineTicket(fields);
    password.digits = 1;
    credentials.push('body');
    expect(definition).toEqual({ ...fields, password: { digits: 8 }, credentials: ['body'] });
    for (const part of [definition, definition.password, definition.credentials])
      expect(part).toSatisfy(Object.isFrozen);
    expect(VisitorData).not.toSatisfy(Object.isFrozen);
  });

  it('leaves out what is undefined', () => {
    expect(Object.keys(defineTicket({ ...visit, path: undefined, expiresIn: undefined }))).toEqual([
      'place',
      'purpose',
    ]);
  });

  it.each([
    ['no place', { purpose: 'visit' }, /^place must be a non-empty string/],
    ['a long purpose', { place: 'louvre', purpose: 'x'.repeat(101) }, /^purpose .*this one has 101/],
    [
      'an unknown field',
      { ...visit, usedAt: null },
      /^'usedAt' is unknown: write one of place, purpose, data, path/,
    ],
    [
      'half a parameter in its place',
      { ...visit, place: 'report/:id.pdf' },
      /^place must have its parameters/,
    ],
    ['half a parameter in its path', { ...visit, path: '/report/:id.pdf' }, /^path must have its parameters/],
    [
      'a parameter in its hash',
      { ...visit, path: '/app#/report/:id' },
      /^path must have its parameters before/,
    ],
    ['a parameter in its query', { ...visit, path: '/report?id=:id' }, /not ':id' behind$/],
    ['a path of another host', { ...visit, path: '//evil.example' }, /^path must start with one '\/'/],
    ['a path that is none', { ...visit, path: 7 }, /^path must start with one '\/'/],
    ['a life without a unit', { ...visit, expiresIn: '5' }, /^expiresIn must be a positive number/],
    ['one password for all', { ...visit, password: 'I love Paris' }, /^password .*input of issue\(\)$/],
    ['a code without length', { ...visit, password: { digits: 0 } }, /^password must be \{ digits: n \}/],
    [
      'an unknown onDuplicate',
      { ...visit, onDuplicate: 'replace' },
      /^onDuplicate must be one of allow, revoke, reject/,
    ],
    ['an unknown confirm', { ...visit, confirm: 1 }, /^confirm must be true or false/],
    ['credentials of elsewhere', { ...visit, credentials: ['cookie'] }, /^credentials must be \['body'\]/],
    ['data that describes nothing', { ...visit, data: {} }, /^data must be a class .*, or a schema/],
    ['an arrow function for data', { ...visit, data: () => true }, /^data must be a class .*, or a schema/],
    [
      'a schema of another version',
      { ...visit, data: { '~standard': { version: 2 } } },
      /^data must be a schema of version 1/,
    ],
    [
      'data of a module that was not ready',
      { ...visit, data: undefined },
      /^data is undefined: two files import each other/,
    ],
    ['a class without rules', { ...visit, data: WithoutRules }, /^data is a class without any rule/],
    ['a class with a method', { ...visit, data: WithAMethod }, /^data\.greet is a method/],
    [
      'a class with a default without a rule',
      { ...visit, data: WithADefault },
      /^data\.vip has a default and no rule/,
    ],
    [
      'a class that needs arguments',
      { ...visit, data: WithArguments },
      /^data is a class whose constructor throws/,
    ],
    [
      'a class with a list of objects',
      { ...visit, data: WithAList },
      /^data\.guests has @ValidateNested.* write a schema/,
    ],
    [
      'a class with an object without rules',
      { ...visit, data: WithAnUnruledObject },
      /^data\.guest is a class without/,
    ],
    ['nothing', undefined, /^the definition must be an object, not undefined/],
    ['a list', [], /^the definition must be an object, not an array/],
  ])('refuses %s, and says what to write', (_, fields, words) => {
    expect(faultsOf(fields)).toEqual([expect.stringMatching(words)]);
  });

  it('names every fault at once', () => {
    const faults = faultsOf({ place: '', data: WithoutRules, path: 'louvre', confirm: 'no', colour: 'red' });
    expect(faults.map((fault) => fault.replace(/ .*/, '')).toSorted()).toEqual([
      "'colour'",
      'confirm',
      'data',
      'path',
      'place',
      'purpose',
    ]);
  });

  it('escapes and cuts what it quotes', () => {
    const [fault] = faultsOf({ ...visit, [`a\n${'b'.repeat(1000)}`]: 1 });
    expect(fault).not.toContain('\n');
    expect(fault!.length).toBeLessThan(250);
  });

  it('lets a code be short: what that is depends on maxAttempts, which issue() knows', () => {
    expect(faultsOf({ ...visit, password: { digits: 4 } })).toEqual([]);
  });

  it('takes a schema that accepts nothing but an object', () => {
    expect(faultsOf({ ...visit, data: z.object({}) })).toEqual([]);
  });
});
