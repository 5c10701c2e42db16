import { CredentialsError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';

/** Pairs of (place, purpose) that some database or some concatenation takes for one and the same. */
const APART: [[string, string], [string, string]][] = [
  [
    ['a', 'b:c'],
    ['a:b', 'c'],
  ],
  [
    ['a', 'b\tc'],
    ['a\tb', 'c'],
  ],
  [
    ['ab', 'c'],
    ['a', 'bc'],
  ],
  [
    ['louvre', 'visit'],
    ['visit', 'louvre'],
  ],
  [
    ['louvre', 'visit'],
    ['Louvre', 'visit'],
  ],
  [
    ['louvre', 'visit'],
    ['louvre', 'VISIT'],
  ],
  [
    ['louvre', 'visit'],
    ['louvre ', 'visit'],
  ],
  [
    ['louvre', 'visit'],
    ['louvre', 'visit  '],
  ],
  [
    ['louvre', 'visit'],
    [' louvre', 'visit'],
  ],
  [
    ['louvre', 'visit'],
    ['louvre\n', 'visit'],
  ],
  [
    ['caf\u00e9', 'visit'],
    ['cafe\u0301', 'visit'],
  ],
  [
    ['caf\u00e9', 'visit'],
    ['cafe', 'visit'],
  ],
  [
    ['louvre', 'caf\u00e9'],
    ['louvre', 'CAF\u00c9'],
  ],
  [
    ['stra\u00dfe', 'visit'],
    ['strasse', 'visit'],
  ],
  [
    ['\u0131', 'visit'],
    ['i', 'visit'],
  ],
  [
    ['🗼', 'visit'],
    ['🗽', 'visit'],
  ],
  [
    ['louvre', 'visit'],
    ['louvr\u200be', 'visit'],
  ],
  [
    ['ｌouvre', 'visit'],
    ['louvre', 'visit'],
  ],
  [
    ['louvre%', 'visit'],
    ['louvre', 'visit'],
  ],
  [
    ['01', 'visit'],
    ['1', 'visit'],
  ],
];

const PAIRS = APART.flatMap(([one, other]) => [[...one, ...other] as const, [...other, ...one] as const]);

eachDatabase('[S-3] A ticket', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  it.each(PAIRS)('for (%j, %j) does not admit to (%j, %j)', async (place, purpose, other, elsewhere) => {
    const { credentials } = await office.tickets.issue({ place, purpose });
    const refused = office.tickets.authenticate(credentials, other, elsewhere);
    await expect(refused).rejects.toThrow(CredentialsError);
    const ticket = await office.tickets.authenticate(credentials, place, purpose);
    expect([ticket.place, ticket.purpose]).toEqual([place, purpose]);
  });

  it('kept by a human password is bound to its place as well', async () => {
    const input = { place: 'a', purpose: 'b:c', password: 'I love Paris' };
    const { credentials } = await office.tickets.issue(input);
    for (const [place, purpose] of [
      ['a:b', 'c'],
      ['A', 'b:c'],
      ['a ', 'b:c'],
    ] as const) {
      const refused = office.tickets.authenticate(credentials, place, purpose);
      await expect(refused).rejects.toThrow(CredentialsError);
    }
    expect((await office.tickets.authenticate(credentials, 'a', 'b:c')).place).toBe('a');
  });

  it.each(PAIRS)(
    'for (%j, %j) is not claimed as one for (%j, %j)',
    async (place, purpose, other, elsewhere) => {
      const { credentials } = await office.tickets.issue({ place, purpose });
      const ticket = await office.tickets.authenticate(credentials, place, purpose);
      Object.assign(ticket, { place: other, purpose: elsewhere });
      await expect(office.tickets.claim(ticket)).rejects.toThrow(CredentialsError);
      await office.tickets.claim(Object.assign(ticket, { place, purpose }));
    },
  );
});
