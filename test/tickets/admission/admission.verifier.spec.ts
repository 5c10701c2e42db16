import { CredentialsError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase, isFirst } from '../../support/databases.js';
import { startOffice, rawRow, rewriteRow, SECRET, type TicketOffice } from '../../support/office.js';

const OTHER = 'another secret, also of more than thirty-two characters';
const visit = { place: 'louvre', purpose: 'visit' };
const KINDS: [string, string | undefined][] = [
  ['a generated secret', undefined],
  ['a human password', 'I love Paris'],
];

eachDatabase('The verifier on the row', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { maxAttempts: 1000 });
  });

  const authenticate = (credentials: object, { tickets } = office) =>
    tickets.authenticate(credentials as never, 'louvre', 'visit');

  describe.each(isFirst(database) ? KINDS : KINDS.slice(0, 1))('of %s', (_, password) => {
    const ofTheOtherKind = password === undefined ? 'x' : `tkt_${'a'.repeat(43)}`;
    const issue = (input: object = {}) => office.tickets.issue({ ...visit, password, ...input });

    it('[C-9] [ST-14] admits nobody once it is copied to another row', async () => {
      const [mine, other] = [await issue(), await issue()];
      const { verifier } = await rawRow(office.dataSource, mine.ticket.uuid);
      await rewriteRow(office.dataSource, other.ticket.uuid, { verifier: verifier as string });
      const { uuid } = other.credentials;
      const shown = { uuid, password: mine.credentials.password };
      await expect(authenticate(shown)).rejects.toThrow(CredentialsError);
      await expect(authenticate({ uuid })).rejects.toThrow(CredentialsError);
      expect((await authenticate(mine.credentials)).uuid).toBe(mine.ticket.uuid);
    });

    it('[ST-14] admits nobody once its row is moved to another place, purpose or generation', async () => {
      const moves: Record<string, string | number>[] = [
        { place: 'orsay' },
        { purpose: 'dinner' },
        { place: 'louvre ' },
        { generation: 2 },
      ];
      for (const move of moves) {
        const { credentials } = await issue();
        const { place, purpose } = { ...visit, ...move };
        await rewriteRow(office.dataSource, credentials.uuid, move);
        for (const [here, why] of [
          [place, purpose],
          ['louvre', 'visit'],
        ] as const) {
          const refused = office.tickets.authenticate(credentials, here, why);
          await expect(refused).rejects.toThrow(CredentialsError);
        }
      }
    });

    it('[ST-14] admits nobody once its row has another name', async () => {
      const { credentials } = await issue();
      const uuid = credentials.uuid.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
      await rewriteRow(office.dataSource, credentials.uuid, { uuid });
      await expect(authenticate({ uuid, password: credentials.password })).rejects.toThrow(CredentialsError);
    });

    it.runIf(isFirst(database))(
      '[C-8] admits nobody when it is empty or garbage, and says no more than that',
      async () => {
        const { credentials } = await issue();
        const { verifier } = (await rawRow(office.dataSource, credentials.uuid)) as { verifier: string };
        const [, id] = verifier.split('$');
        const digests = [
          '',
          '$',
          'notaphc',
          '$argon2id$',
          '$argon2id$v=19$m=8,t=1,p=1$',
          '$argon2d$v=19$a$b$c',
        ];
        const garbage = [
          ...['', ' ', 'garbage', '$', '$$$', credentials.password, `${verifier} `, `${verifier}A`],
          ...[
            verifier.slice(0, -1),
            verifier.slice(0, 20),
            verifier.slice(1),
            verifier.replace(id!, 'AAAAAAAA'),
          ],
          ...digests.flatMap((digest) => [`argon2id$${id}$${digest}`, `hmac-sha256$${id}$${digest}`]),
        ];
        for (const stored of garbage) {
          await rewriteRow(office.dataSource, credentials.uuid, { verifier: stored });
          for (const shown of [credentials.password, ofTheOtherKind]) {
            const refused = await authenticate({ uuid: credentials.uuid, password: shown }).catch(
              (e: unknown) => e,
            );
            expect(refused, stored).toBeInstanceOf(CredentialsError);
          }
        }
        await rewriteRow(office.dataSource, credentials.uuid, { verifier });
        expect((await authenticate(credentials)).uuid).toBe(credentials.uuid);
      },
    );

    it('[S-11] is still good when the app’s secret has been rotated, and not when it is removed', async () => {
      const { credentials } = await issue();
      const rotated = await startOffice(database, { secret: [OTHER, SECRET] });
      expect((await authenticate(credentials, rotated)).uuid).toBe(credentials.uuid);
      const newer = await rotated.tickets.issue({ ...visit, password });
      const removed = await startOffice(database, { secret: OTHER });
      await expect(authenticate(credentials, removed)).rejects.toThrow(CredentialsError);
      expect((await authenticate(newer.credentials, removed)).uuid).toBe(newer.ticket.uuid);
      await expect(authenticate(newer.credentials)).rejects.toThrow(CredentialsError);
    });
  });
});
