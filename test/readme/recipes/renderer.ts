import { Injectable } from '@nestjs/common';

/** Stands for the client of a third party that works for a while, and then calls back. */
@Injectable()
export class Renderer {
  readonly started: { id: string; callback: string }[] = [];

  async start(job: { id: string; callback: string }): Promise<void> {
    this.started.push(job);
  }
}
