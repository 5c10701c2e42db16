import { type Claim, type Ticket, TicketBusyError, type RedemptionWork } from 'nestjs-ticketoffice';
import { rawRow } from '../../support/office.js';
import { A_CLAIM, ByHand } from './by.hand.js';
import { PassingOn } from './passing.on.js';

/** A deliberately naive claim: reads, and then writes. */
export class SelectThenClaim extends ByHand {
  protected override async take({ uuid }: Ticket, claimId: string): Promise<void> {
    const row = await rawRow(this.scene.dataSource, uuid);
    if (row['claimId'] !== null) throw new TicketBusyError();
    await this.change(A_CLAIM, [this.when.same('uuid')], { uuid, claimId });
  }
}

/** A deliberately naive claim: trusts that the ticket is as it was when the guest was admitted. */
export class ClaimUnchecked extends ByHand {
  protected override claimable(): string[] {
    return [this.when.same('uuid'), this.when.unclaimed()];
  }
}

/** A deliberately naive claim: of the ticket as it is now, whichever secret the guest had shown. */
export class ClaimByName extends PassingOn {
  override async claim({ uuid }: Ticket): Promise<Claim> {
    return this.scene.office.claim((await this.scene.office.find(uuid))!);
  }
}

/** A deliberately naive stamp: by whoever comes, as long as it is the first. */
export class StampAnyClaim extends ByHand {
  protected override stampable(): string[] {
    return [this.when.same('uuid'), this.when.none('usedAt')];
  }
}

/** A deliberately naive stamp: can be repeated. */
export class StampAgain extends ByHand {
  protected override stampable(): string[] {
    return [this.when.same('uuid'), this.when.same('claimId')];
  }
}

/** A deliberately naive stamp: deaf to whether it was won. */
export class StampDeaf extends PassingOn {
  override async claim(given: Ticket): Promise<Claim> {
    const claim = await super.claim(given);
    const stamp = () => claim.stamp().catch(() => undefined);
    return { ticket: claim.ticket, stamp, release: () => claim.release() };
  }
}

/** A deliberately naive release: of a ticket that is used already. */
export class ReleaseUsed extends ByHand {
  protected override releasable(): string[] {
    return [this.when.same('uuid'), this.when.same('claimId')];
  }
}

/** A deliberately naive release: of whosever claim it is by now. */
export class ReleaseAnyClaim extends PassingOn {
  override async claim(given: Ticket): Promise<Claim> {
    const claim = await super.claim(given);
    const release = async () => void (await this.reopen(given.uuid));
    return { ticket: claim.ticket, stamp: () => claim.stamp(), release };
  }
}

/** A deliberately naive redemption: the work, and then the stamp, each by itself. */
export class WorkThenStamp extends ByHand {
  override readonly redeem = async <T, R>(
    ticket: Ticket<T>,
    _place: string,
    _purpose: string,
    work: RedemptionWork<T, R>,
  ): Promise<R> => {
    const claim = await this.claim(ticket);
    const result = await work(ticket, this.scene.dataSource.manager);
    await claim.stamp();
    return result;
  };
}
