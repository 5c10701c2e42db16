import {
  Body,
  Controller,
  HttpCode,
  Param,
  Post,
  UseFilters,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import { IsIn, IsOptional, IsUrl, MaxLength } from 'class-validator';
import { InvitationManager, InvitationRequired, StampInTransaction } from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { Rendering } from './rendering.entity.js';
import { RenderingDone } from './renderings.js';
import { RetriesFilter } from './retries.filter.js';

class Result {
  @IsIn(['done', 'failed'])
  status!: 'done' | 'failed';

  @IsOptional()
  @IsUrl({ protocols: ['https'], require_protocol: true })
  @MaxLength(500)
  video?: string;
}

@Controller('rendering')
export class RenderingController {
  @Post(':id/done')
  @InvitationRequired(RenderingDone)
  @UseFilters(RetriesFilter) // below @InvitationRequired, whose own filter must come first
  @UseInterceptors(StampInTransaction) // the result is stored if and only if the ticket is used
  @HttpCode(200)
  async done(
    @Param('id') id: string,
    @Body(new ValidationPipe()) { status, video }: Result, // a bad one is a 400, and may be sent again
    @InvitationManager() manager: EntityManager,
  ) {
    await manager.update(Rendering, { id, status: 'begun' }, { status, video });
    return { received: true };
  }
}
