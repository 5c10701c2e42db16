import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { rawRow } from '../support/office.js';
import { Tally } from './tally.js';

const MOST = 5;

/** Knows the one password of these tests; each double has a limit of its own making. */
@Injectable()
abstract class NaiveLimit implements CanActivate {
  constructor(
    protected readonly dataSource: DataSource,
    private readonly tally: Tally,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { headers } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    const [, uuid = '', password] = /^Ticket ([^:]+):(.*)$/.exec(headers.authorization ?? '') ?? [];
    const isRight = await this.guess(uuid, async () => {
      // Anything that awaits will do.
      await new Promise((resolve) => setImmediate(resolve));
      if (password === 'I love Paris') return true;
      this.tally.note(uuid, 'wrong');
      return false;
    });
    if (!isRight) throw new ForbiddenException();
    return true;
  }

  protected abstract guess(uuid: string, check: () => Promise<boolean>): Promise<boolean>;

  protected async attempts(uuid: string): Promise<number> {
    return Number((await rawRow(this.dataSource, uuid))['attempts']);
  }

  protected write(uuid: string, attempts: string): Promise<unknown> {
    return this.dataSource.query(
      `UPDATE ticket_office_ticket SET attempts = ${attempts} WHERE uuid = '${uuid}'`,
    );
  }
}

/** Deliberately naive: reads how many there were, checks, and writes one more. */
@Injectable()
export class ReadThenWrite extends NaiveLimit {
  protected async guess(uuid: string, check: () => Promise<boolean>): Promise<boolean> {
    const attempts = await this.attempts(uuid);
    if (attempts >= MOST) return false;
    const isRight = await check();
    if (!isRight) await this.write(uuid, String(attempts + 1));
    return isRight;
  }
}

/** Deliberately naive: counts in one statement, but after the check. */
@Injectable()
export class CheckThenCount extends NaiveLimit {
  protected async guess(uuid: string, check: () => Promise<boolean>): Promise<boolean> {
    if ((await this.attempts(uuid)) >= MOST) return false;
    const isRight = await check();
    if (!isRight) await this.write(uuid, 'attempts + 1');
    return isRight;
  }
}

/** Deliberately naive: each process has a counter of its own. */
@Injectable()
export class CountInProcess extends NaiveLimit {
  private readonly counts = new Map<string, number>();

  protected async guess(uuid: string, check: () => Promise<boolean>): Promise<boolean> {
    const count = this.counts.get(uuid) ?? 0;
    if (count >= MOST) return false;
    this.counts.set(uuid, count + 1);
    await this.write(uuid, String(count + 1));
    return check();
  }
}
