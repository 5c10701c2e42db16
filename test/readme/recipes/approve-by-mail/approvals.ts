import { Injectable } from '@nestjs/common';
import { defineTicket, TicketService } from 'nestjs-ticketoffice';
import { Account } from '../account.entity.js';
import { Mail } from '../mail.js';
import { Expense } from './expense.entity.js';

/** Its subject is the id of the account that decides. */
export const Decision = defineTicket({
  place: 'expense/:id',
  purpose: 'decide',
  expiresIn: '14d',
});

@Injectable()
export class Approvals {
  constructor(
    private readonly tickets: TicketService,
    private readonly mail: Mail,
  ) {}

  async ask(expense: Expense, approver: Account) {
    const { id } = expense;
    const { credentials } = await this.tickets.issue(Decision, { subject: approver.id, params: { id } });
    // Two links, and one ticket: only one of them acts.
    const link = (wanted: string) =>
      this.tickets.url(`/expense/${encodeURIComponent(id)}/decision?wanted=${wanted}`, credentials);
    const text = `${expense.title}\n\nApprove: ${link('approved')}\nReject: ${link('rejected')}`;
    await this.mail.send(approver.email, text);
  }
}
