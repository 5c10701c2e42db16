import { Injectable, Logger } from '@nestjs/common';
import { Verifiers, type VerifierScope } from '../secrets/verifier.js';
import type { TicketRow } from '../store/ticket.row.js';
import { TicketStore } from '../store/ticket.store.js';

/** Gives passwords that were right just now a hash that costs more, where it does by now. */
@Injectable()
export class VerifierRenewal {
  private readonly logger = new Logger('TicketOffice');

  constructor(
    private readonly store: TicketStore,
    private readonly verifiers: Verifiers,
  ) {}

  /** Fails at nothing: no guest needs it so urgently. */
  async renew(row: TicketRow, password: string, scope: VerifierScope): Promise<void> {
    const { uuid, generation, verifier: outdated } = row;
    try {
      const verifier = await this.verifiers.raise(password, scope, outdated);
      if (verifier !== undefined)
        await this.store.tryToWin('renewVerifier', { uuid, generation, verifier, outdated });
    } catch (error) {
      this.logger.warn(`The password of ticket ${uuid} keeps its cheaper hash for now`, error);
    }
  }
}
