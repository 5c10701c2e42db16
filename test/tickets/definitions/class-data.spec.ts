import {
  Allow,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  ValidateBy,
  ValidateNested,
  validate,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { checkClassData } from '../../../lib/tickets/definitions/class-data.js';
import { VisitorData } from './visitors.js';

class Address {
  @IsString()
  city!: string;

  @IsOptional()
  @ValidateNested()
  former?: Address;
}

/** True after a while, as what asks a database. */
const EventuallyOdd = () =>
  ValidateBy({
    name: 'odd',
    async: true,
    validator: {
      validate: async (value) => {
        await Promise.resolve();
        return (value as number) % 2 === 1;
      },
      defaultMessage: () => '$property must be odd',
    },
  });

class Guest extends VisitorData {
  @IsIn(['fr', 'en'])
  language = 'fr';

  @IsDefined()
  @ValidateNested()
  address!: Address;

  @IsOptional()
  @IsString({ each: true })
  tags?: string[];

  @IsOptional()
  @IsInt()
  @EventuallyOdd()
  number?: number;

  @IsOptional()
  @ValidateBy({ name: 'isRed', validator: { validate: (value) => value === 'red' } })
  colour?: string;

  @IsOptional()
  @Matches(/^[A-Z]+$/, { message: '$value is no code\nof ours' })
  code?: string;

  @Allow()
  anything?: unknown;
}

const lisa = { firstName: 'Lisa', address: { city: 'Paris' } };
const faultsOf = async (data: unknown) => {
  const checked = await checkClassData(Guest, data);
  return 'faults' in checked ? checked.faults : [];
};

describe('Data with the rules of a class', () => {
  it('is stored as it is given, with the defaults of the class for what is missing', async () => {
    expect(await checkClassData(Guest, lisa)).toEqual({ data: { ...lisa, language: 'fr' } });
    expect(await checkClassData(Guest, { ...lisa, language: 'en', age: 3, anything: [{ a: null }] })).toEqual(
      {
        data: { ...lisa, language: 'en', age: 3, anything: [{ a: null }] },
      },
    );
  });

  it('may be an instance, such as a ValidationPipe makes, and is stored as plain objects', async () => {
    const address = Object.assign(new Address(), { city: 'Paris' });
    const guest = Object.assign(new Guest(), { firstName: 'Lisa', address, age: undefined });
    const checked = await checkClassData(Guest, guest);
    expect(checked).toStrictEqual({ data: { ...lisa, language: 'fr' } });
    expect(guest.address).toBe(address);
  });

  it('[M-4] has unknown fields refused, each by name, in objects of its fields, too', async () => {
    const nested = { city: 'Paris', zip: 1, former: { city: 'Rome', 'a\nb': 1 } };
    expect(await faultsOf({ ...lisa, address: nested, usedAt: null, constructor: Object })).toEqual([
      expect.stringMatching(/^data must be plain JSON|^data\.constructor/),
    ]);
    expect(await faultsOf({ ...lisa, address: nested, usedAt: null, constructor: 'x' })).toEqual([
      "data.address.former.'a\\nb' is unknown: write one of city, former",
      'data.address.zip is unknown: write one of city, former',
      expect.stringMatching(/^data\.usedAt and data\.constructor are unknown: write one of /),
    ]);
  });

  it('has some of many unknown fields named, in one fault for each object', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}`, 1]));
    expect(await faultsOf({ ...lisa, address: { city: 'Paris', ...many } })).toEqual([
      'data.address.x0, data.address.x1, data.address.x2, data.address.x3, data.address.x4 and 495 more are unknown: write one of city, former',
    ]);
  });

  it.each([
    [{ ...lisa, firstName: 7 }, 'data.firstName must be a string'],
    [{ address: lisa.address }, 'data.firstName must be a string'],
    [{ ...lisa, address: { city: 1 } }, 'data.address.city must be a string'],
    [
      { ...lisa, address: { city: 'Paris', former: { city: null } } },
      'data.address.former.city must be a string',
    ],
    [{ ...lisa, address: 'Paris' }, 'data.address must be an object, not a string'],
    [{ ...lisa, address: [] }, 'data.address must be an object, not an array'],
    [{ ...lisa, address: null }, 'data.address should not be null or undefined'],
    [{ firstName: 'Lisa' }, 'data.address should not be null or undefined'],
    [{ ...lisa, tags: ['a', 1] }, 'data.tags: each value in tags must be a string'],
    [{ ...lisa, number: 2 }, 'data.number must be odd'],
    [{ ...lisa, colour: 'blue' }, 'data.colour: breaks the rule isRed'],
    [[], 'data must be an object, not an array'],
    ['Lisa', 'data must be an object, not a string'],
    [null, 'data must be an object, not null'],
    [new Date(), 'data must be plain JSON'],
    [{ ...lisa, anything: new Date() }, 'data.anything must be plain JSON'],
    [JSON.parse('{"firstName":"Lisa","__proto__":{"vip":true}}'), 'data.__proto__ has a name'],
  ])('is refused by one sentence: %j', async (data, words) => {
    expect(await faultsOf(data)).toEqual([expect.stringContaining(words)]);
    expect(({} as { vip?: boolean }).vip).toBeUndefined();
  });

  it('has asynchronous rules awaited', async () => {
    expect(await faultsOf({ ...lisa, number: 3 })).toEqual([]);
  });

  it('[S-9] cannot forge or flood a log through a message that quotes it', async () => {
    const [fault] = await faultsOf({ ...lisa, code: `x\n${'y'.repeat(5000)}` });
    expect(fault).toMatch(/^data\.code: /);
    expect(fault).not.toContain('\n');
    expect(fault!.length).toBeLessThan(300);
    let address: object = { city: 1, zip: 1 };
    for (let depth = 0; depth < 12; depth++) address = { city: 1, zip: 1, former: address };
    expect(await faultsOf({ ...lisa, address })).toHaveLength(21);
  });

  it('is refused where it goes in circles, and where it is deeper than any data', async () => {
    const circle: Record<string, unknown> = { city: 'Paris' };
    circle.former = circle;
    expect(await faultsOf({ ...lisa, address: circle })).toEqual([expect.stringContaining('deep')]);
  });

  it('does not change what the app’s own validation does with the class', async () => {
    await checkClassData(Guest, lisa);
    expect(await validate(Object.assign(new VisitorData(), { firstName: 'Lisa' }))).toEqual([]);
  });
});
