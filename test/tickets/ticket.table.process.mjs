// A process of its own, in a time zone of its own: writes or reads tickets through the library, and returns what it
// knows of them. A message: { database, session, now, write: [expiresAt], read: [uuid] }.
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule, TicketService } from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';

process.on('message', (work) => void answer(work));

async function answer(work) {
  const tickets = await carryOut(work).catch(String);
  process.send({ local: new Date(0).toString(), tickets });
}

async function carryOut({ database, session, now, write = [], read = [] }) {
  const app = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot({ ...database, autoLoadEntities: true, synchronize: write.length > 0 }),
      TicketOfficeModule.forRoot({ secret: 'x'.repeat(32), now: () => new Date(now) }),
    ],
  }).compile();
  if (session) await app.get(DataSource).query(session);
  const tickets = app.get(TicketService);
  const found = [];
  for (const expiresAt of write) {
    const { ticket } = await tickets.issue({ place: 'a', purpose: 'b', expiresAt: new Date(expiresAt) });
    if (write.indexOf(expiresAt) % 2) await (await tickets.claim(ticket)).stamp();
    else await tickets.revoke(ticket.uuid);
    found.push(await tickets.find(ticket.uuid));
  }
  for (const uuid of read) found.push(await tickets.find(uuid));
  await app.close();
  return found;
}
