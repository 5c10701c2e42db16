import { createHash } from 'node:crypto';
import { Controller, Get, GoneException, Header, Param, Redirect } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { DataSource, MoreThan } from 'typeorm';
import { User } from './user.entity.js';

@Controller('reset') // where the links of before lead
export class OldResetController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tickets: TicketService,
  ) {}

  @Get(':token')
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  @Redirect()
  async exchange(@Param('token') token: string) {
    const resetTokenHash = createHash('sha256').update(token).digest('hex');
    const live = { resetTokenHash, resetTokenExpiresAt: MoreThan(Date.now()) };
    return this.dataSource.transaction(async (manager) => {
      // Writes nothing new, and holds the row: a password that is being changed meanwhile comes before or after.
      const { affected } = await manager.update(User, live, { resetTokenHash });
      if (affected !== 1) throw new GoneException('This link has expired, or has been used.');
      const { id, resetTokenExpiresAt } = await manager.findOneByOrFail(User, { resetTokenHash });
      const ticket = { place: 'account', purpose: 'reset password', subject: id };
      const expiresAt = new Date(Number(resetTokenExpiresAt)); // no longer than the old link
      const { credentials } = await this.tickets.issue({ ...ticket, expiresAt }, manager);
      return { url: this.tickets.url('/account/password', credentials), statusCode: 303 };
    });
  }
}
