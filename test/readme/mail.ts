import { Injectable } from '@nestjs/common';

/** Stands for an app's own mail service. */
@Injectable()
export class Mail {
  readonly sent: { to: string; text: string }[] = [];

  async send(to: string, text: string): Promise<void> {
    this.sent.push({ to, text });
  }
}
