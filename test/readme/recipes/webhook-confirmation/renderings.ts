import { Injectable } from '@nestjs/common';
import { defineTicket, TicketService } from 'nestjs-ticketoffice';
import { Renderer } from '../renderer.js';
import { Rendering } from './rendering.entity.js';

export const RenderingDone = defineTicket({
  place: 'rendering/:id',
  purpose: 'call back',
  path: '/rendering/:id/done',
  expiresIn: '3d', // as long as they try
});

@Injectable()
export class Renderings {
  constructor(
    private readonly tickets: TicketService,
    private readonly renderer: Renderer,
  ) {}

  async start({ id }: Rendering) {
    const params = { id };
    const { credentials } = await this.tickets.issue(RenderingDone, { params });
    await this.renderer.start({ id, callback: this.tickets.url(RenderingDone, credentials, { params }) });
  }
}
