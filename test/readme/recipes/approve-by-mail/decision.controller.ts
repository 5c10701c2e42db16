import {
  Body,
  ConflictException,
  Controller,
  Get,
  Header,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  Ticket,
} from 'nestjs-ticketoffice';
import { EntityManager, Repository } from 'typeorm';
import { Decision } from './approvals.js';
import { Expense } from './expense.entity.js';

const DECISIONS = ['approved', 'rejected'] as const;

class DecisionForm {
  @IsIn(DECISIONS)
  status!: (typeof DECISIONS)[number];

  @IsOptional()
  @IsString()
  @MaxLength(1000)
  comment?: string;
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

@Controller('expense/:id/decision')
@InvitationRequired(Decision)
export class DecisionController {
  constructor(@InjectRepository(Expense) private readonly expenses: Repository<Expense>) {}

  @Get() // both links lead here: the one that was opened has its answer chosen, and nothing is sent yet
  @Header('Content-Type', 'text/html; charset=utf-8')
  async page(@Param('id') id: string, @Invitation() ticket: Ticket, @Query('wanted') wanted: unknown) {
    const expense = await this.expenses.findOneBy({ id });
    if (!expense) throw new NotFoundException();
    const choices = DECISIONS.map((status) => {
      const chosen = status === wanted ? ' checked' : '';
      return `<label><input type="radio" name="status" value="${status}" required${chosen}> ${status}</label>`;
    });
    return `<!doctype html><html lang="en"><title>Your decision</title>
      <h1>${escape(expense.title)}</h1>
      <form method="post">
        <input type="hidden" name="ticket-uuid" value="${ticket.uuid}">
        ${choices.join('')}
        <label>Comment: <textarea name="comment" maxlength="1000"></textarea></label>
        <button>Send</button>
      </form>`;
  }

  @Post()
  @HttpCode(200)
  @UseInterceptors(StampInTransaction)
  async decide(
    @Param('id') id: string,
    @Invitation() { subject: decidedBy }: Ticket,
    @InvitationManager() manager: EntityManager,
    @Body(new ValidationPipe()) { status, comment = '' }: DecisionForm,
  ) {
    const open = { id, status: 'open' } as const; // a colleague, with a ticket of theirs, may have been faster
    const { affected } = await manager.update(Expense, open, { status, comment, decidedBy });
    if (affected !== 1) throw new ConflictException('It has been decided already.');
    return `The expense is ${status}.`;
  }
}
