import { Injectable } from '@nestjs/common';
import { passwordComplaint } from './issue.input.js';
import { generateSecret } from './secret.js';
import { TicketOfficeConfigurationError } from './ticket.errors.js';
import { TicketSettings } from './ticket.settings.js';

/** Makes the passwords that nobody has chosen: a generated secret, or as the app's `passwordGenerator` does. */
@Injectable()
export class PasswordMaker {
  constructor(private readonly settings: TicketSettings) {}

  /** @throws TicketOfficeConfigurationError for what no password can be */
  make(): string {
    const { passwordGenerator } = this.settings;
    if (!passwordGenerator) return generateSecret();
    const password: unknown = passwordGenerator();
    const complaint = passwordComplaint(password);
    if (complaint === undefined) return password as string;
    throw new TicketOfficeConfigurationError(
      `The option passwordGenerator made a password that ${complaint}`,
    );
  }
}
