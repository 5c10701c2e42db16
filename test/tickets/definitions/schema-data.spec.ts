import { type } from 'arktype';
import { defineTicket, type StandardSchema } from 'nestjs-ticketoffice';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkData } from '../../../lib/tickets/definitions/defined-data.js';

const faultsOf = async (schema: StandardSchema, data: unknown) => {
  const checked = await checkData(schema, data);
  return 'faults' in checked ? checked.faults : [];
};

/** A schema by hand, as the standard describes one. */
const schemaOf = (validate: StandardSchema['~standard']['validate']): StandardSchema => ({
  '~standard': { version: 1, vendor: 'museum', validate },
});

describe('Data with a schema', () => {
  it.each([
    ['zod', z.object({ guests: z.array(z.object({ name: z.string() })) })],
    ['valibot', v.object({ guests: v.array(v.object({ name: v.string() })) })],
    ['arktype', type({ guests: [{ name: 'string' }, '[]'] })],
  ])('is told where it is wrong by %s', async (_, schema) => {
    expect(await faultsOf(schema, { guests: [{ name: 7 }] })).toEqual([
      expect.stringMatching(/^data\.guests\.0\.name: ./),
    ]);
    expect(await faultsOf(schema, undefined)).toEqual([expect.stringMatching(/^data\.guests: ./)]);
    expect(await faultsOf(schema, { guests: [{ name: 'Lisa' }] })).toEqual([]);
  });

  it('is stored as the schema makes it', async () => {
    const schema = z.object({
      day: z.date().transform((day) => day.toISOString()),
      seats: z.int().default(1),
    });
    expect(await checkData(schema, { day: new Date(0) })).toEqual({
      data: { day: '1970-01-01T00:00:00.000Z', seats: 1 },
    });
  });

  it('is refused where the schema makes no plain JSON, with what to write', async () => {
    for (const made of [z.date(), z.bigint(), z.map(z.string(), z.string())]) {
      const value = { date: new Date(), bigint: 1n, map: new Map() }[made.type];
      expect(await faultsOf(z.object({ made }), { made: value }), made.type).toEqual([
        expect.stringMatching(/^data\.made must be plain JSON .*what the schema makes is stored/),
      ]);
    }
  });

  it('has no fields that are undefined, neither for the schema nor in what it makes', async () => {
    const guest = z.object({ name: z.string().optional() });
    const schema = z.object({
      age: z.int().optional(),
      guests: z.array(guest),
      gone: z.string().transform(() => undefined),
    });
    const given = { age: undefined, guests: [{ name: undefined }], gone: 'x' };
    expect(await checkData(schema, given)).toStrictEqual({ data: { guests: [{}] } });
    expect(await checkData(type({ 'age?': 'number' }), { age: undefined })).toStrictEqual({ data: {} });
    expect(await faultsOf(z.object({ list: z.array(z.any()) }), { list: [undefined] })).toEqual([
      expect.stringMatching(/^data\.list\.0 must be plain JSON/),
    ]);
  });

  it.each([
    ['the default of the whole schema', z.object({ a: z.number() }).default({ a: 1 }), { a: 1 }],
    ['a default of text', z.string().default('x'), 'x'],
    ['the defaults of all fields', z.object({ a: z.number().default(2) }), { a: 2 }],
    ['{} where all fields may be missing', z.object({ a: z.number().optional() }), {}],
    ['{} where the schema makes nothing', z.object({ a: z.number().optional() }).optional(), {}],
  ])('that is missing is %s', async (_, schema, data) => {
    expect(await checkData(schema, undefined)).toStrictEqual({ data });
  });

  it('that is missing is refused where the schema makes nothing of it', async () => {
    for (const schema of [z.string().optional(), z.undefined()])
      expect(await faultsOf(schema, undefined)).toEqual([
        expect.stringContaining('give the schema a default'),
      ]);
  });

  it('that is missing is refused where the schema needs it', async () => {
    expect(await faultsOf(z.string(), undefined)).toEqual([expect.stringMatching(/^data: .*undefined/)]);
    expect(await faultsOf(z.object({ a: z.string() }), undefined)).toEqual([
      expect.stringMatching(/^data\.a: /),
    ]);
  });

  it('is awaited where the schema takes its time', async () => {
    const schema = z.object({ seat: z.int().refine(async (seat) => (await Promise.resolve(seat)) < 9) });
    expect(await faultsOf(schema, { seat: 10 })).toEqual([expect.stringMatching(/^data\.seat: /)]);
    expect(await checkData(schema, { seat: 8 })).toEqual({ data: { seat: 8 } });
  });

  it('is not what the app makes of its object meanwhile', async () => {
    const schema = schemaOf(async (value) => {
      await Promise.resolve();
      return { value };
    });
    const given = { seats: ['A1'] };
    const checked = checkData(schema, given);
    given.seats.push('A2');
    expect(await checked).toEqual({ data: { seats: ['A1'] } });
  });

  it('leaves what the schema throws as it is', async () => {
    const fault = new Error('the database of seats is away');
    const schema = schemaOf(() => {
      throw fault;
    });
    await expect(checkData(schema, {})).rejects.toBe(fault);
    await expect(
      checkData(
        schemaOf(() => Promise.reject(fault)),
        {},
      ),
    ).rejects.toBe(fault);
  });

  it('[S-9] has its messages escaped and cut, and its faults counted', async () => {
    const issue = { message: `no\n"${'x'.repeat(5000)}`, path: [{ key: 'a\nb' }, Symbol('c'), 0] };
    const faults = await faultsOf(
      schemaOf(() => ({ issues: Array.from({ length: 1000 }, () => issue) })),
      {},
    );
    expect(faults).toHaveLength(21);
    expect(faults[0]).toMatch(/^data\.'a\\nb'\.'Symbol\(c\)'\.0: no\\n"x+$/);
    expect(faults[0]!.length).toBeLessThan(300);
    expect(faults[20]).toBe('data has 980 more faults like these');
  });

  it('is refused by a schema that has no word for it', async () => {
    expect(
      await faultsOf(
        schemaOf(() => ({ issues: [] })),
        {},
      ),
    ).toEqual(['data is not valid, says its schema']);
  });

  it('may be a schema that is a function', () => {
    const schema = type({ name: 'string' });
    expect(typeof schema).toBe('function');
    expect(defineTicket({ place: 'louvre', purpose: 'visit', data: schema }).data).toBe(schema);
  });
});
