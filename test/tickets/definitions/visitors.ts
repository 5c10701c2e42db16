import { type } from 'arktype';
import { IsInt, IsOptional, IsString, Length } from 'class-validator';
import { defineTicket } from 'nestjs-ticketoffice';
import * as v from 'valibot';
import { z } from 'zod';

export class VisitorData {
  @IsString()
  @Length(1, 40)
  firstName!: string;

  @IsOptional()
  @IsInt()
  age?: number;
}

/** The same kind of ticket, its data described in each of the ways that there are. */
export const VISITS = {
  'a class': defineTicket({ place: 'louvre', purpose: 'visit', data: VisitorData, path: '/louvre' }),
  zod: defineTicket({
    place: 'louvre',
    purpose: 'visit',
    data: z.strictObject({ firstName: z.string().min(1).max(40), age: z.int().optional() }),
    path: '/louvre',
  }),
  valibot: defineTicket({
    place: 'louvre',
    purpose: 'visit',
    data: v.strictObject({
      firstName: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
      age: v.optional(v.pipe(v.number(), v.integer())),
    }),
    path: '/louvre',
  }),
  arktype: defineTicket({
    place: 'louvre',
    purpose: 'visit',
    data: type({ firstName: '1 <= string <= 40', 'age?': 'number.integer', '+': 'reject' }),
    path: '/louvre',
  }),
};

export const ReportDownload = defineTicket({ place: 'report/:id', purpose: 'download', path: '/report/:id' });
