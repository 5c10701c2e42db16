import { Injectable } from '@nestjs/common';
import { canonicalPassword, Credentials } from '../credentials.js';
import { type Duration, instantAfter, toDuration } from '../input/duration.js';
import type { IssueInput } from '../input/issue.input.js';
import type { OnDuplicate } from '../input/on-duplicate.js';
import { subjectText } from '../input/subject.rule.js';
import { OwnColumns } from '../own-columns.js';
import type { TicketWith } from '../own-columns.types.js';
import { type GeneratedPassword, PasswordGenerator } from '../secrets/password.generator.js';
import { CODE_LIFE, isGeneratedSecret } from '../secrets/secret.js';
import { type SecretScope, type Urgency, Verifiers } from '../secrets/verifier.js';
import { NEW_ROW, type NewRow, newRow, ticketOf, type TicketRow } from '../store/ticket.row.js';
import type { Ticket } from '../ticket.entity.js';
import { TicketSettings } from '../ticket.settings.js';

/** A ticket, and the only copy of its secret: send that in a link or a message, and do not keep it. */
export interface IssuedTicket<T = unknown, E extends Ticket = Ticket> {
  readonly ticket: TicketWith<E, T>;
  readonly credentials: Credentials;
}

/** What a ticket is made from: a valid input, copied, since the app may change its own object later, and a password. */
export interface TicketDraft extends Pick<TicketRow, 'place' | 'purpose' | 'subject' | 'data' | 'own'> {
  readonly expiresIn: IssueInput['expiresIn'];
  readonly expiresAt: Date | undefined;
  readonly generated: GeneratedPassword;
  readonly onDuplicate: OnDuplicate;
  /** Its data, as the row keeps it. */
  readonly json: string;
}

/** Makes the rows of new tickets, from their inputs and with their secrets. */
@Injectable()
export class TicketDrafts {
  constructor(
    private readonly verifiers: Verifiers,
    private readonly passwords: PasswordGenerator,
    private readonly settings: TicketSettings,
    private readonly own: OwnColumns,
  ) {}

  /**
   * @param input validated before
   * @throws TicketOfficeConfigurationError when `passwordGenerator` returns what no password can be
   */
  draft(input: IssueInput): TicketDraft {
    const { data = {}, expiresAt } = input;
    const json = JSON.stringify(data);
    // Field by field, here and below: a spread would take longer than all the rest.
    const { place, purpose, subject, expiresIn } = input;
    return {
      place,
      purpose,
      subject: subject === undefined ? null : subjectText(subject),
      data: JSON.parse(json) as unknown,
      expiresIn,
      expiresAt: expiresAt && new Date(expiresAt),
      generated: this.passwords.make(input.password),
      onDuplicate: input.onDuplicate ?? 'allow',
      json,
      own: this.own.partOf(input),
    };
  }

  /** @throws as {@link Verifiers.make} does */
  async row(draft: TicketDraft, uuid: string, now: Date, urgency?: Urgency): Promise<NewRow> {
    const { password, code } = draft.generated;
    const verifier = await this.verifiers.make(
      canonicalPassword(password)!,
      scopeOf(draft, uuid),
      code,
      urgency,
    );
    return this.rowWith(verifier, draft, uuid, now);
  }

  /** The same at once, for a draft that {@link hasGeneratedSecret}: a promise for each would take as long as its HMAC. */
  generatedRow(draft: TicketDraft, uuid: string, now: Date): NewRow {
    // Its canonical form is itself.
    const verifier = this.verifiers.makeGenerated(draft.generated.password, scopeOf(draft, uuid));
    return this.rowWith(verifier, draft, uuid, now);
  }

  private rowWith(verifier: string, draft: TicketDraft, uuid: string, now: Date): NewRow {
    const { place, purpose, subject, data, json, own } = draft;
    const expiresAt = this.expiry(draft, now);
    return newRow({ uuid, place, purpose, subject, data, json, createdAt: now, expiresAt, verifier, own });
  }

  private expiry({ expiresAt, expiresIn, generated }: TicketDraft, now: Date): Date | null {
    if (expiresAt !== undefined) return expiresAt;
    const isCode = generated.code !== undefined;
    return instantAfter(now, expiresIn === undefined ? this.defaultLife(isCode) : expiresIn);
  }

  private defaultLife(isCode: boolean): Duration | null {
    const { expiresIn } = this.settings;
    if (!isCode) return expiresIn;
    return expiresIn === null ? CODE_LIFE : Math.min(CODE_LIFE, toDuration(expiresIn)!);
  }
}

const scopeOf = ({ place, purpose }: TicketDraft, uuid: string): SecretScope => ({
  uuid,
  place,
  purpose,
  generation: NEW_ROW.generation,
});

/** Whether its secret is one of 256 bits, and needs no slow hash. */
export const hasGeneratedSecret = ({ generated }: TicketDraft): boolean =>
  isGeneratedSecret(generated.password);

/** What the app gets for a row once that is written. */
export const issued = <T>(row: TicketRow, { generated }: TicketDraft): IssuedTicket<T> => ({
  ticket: ticketOf<T>(row),
  credentials: new Credentials(row.uuid, generated.password),
});
