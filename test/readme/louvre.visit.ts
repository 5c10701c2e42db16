import { IsOptional, IsString, Length } from 'class-validator';
import { defineTicket } from 'nestjs-ticketoffice';

export class VisitorData {
  @IsString()
  @Length(1, 100)
  firstName!: string;

  @IsOptional()
  @IsString()
  language?: string;
}

export const LouvreVisit = defineTicket({
  place: 'louvre',
  purpose: 'visit',
  data: VisitorData,
  path: '/louvre',
  expiresIn: '5d',
});
