import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { invitationOf } from '../../lib/invitations/invitation.context.js';
import { reach } from './checkpoints.js';

/** A guard of the app's, behind the library's: whoever comes to it is admitted. */
@Injectable()
export class Doorway implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await reach('admitted', invitationOf(context)!.uuid);
    return true;
  }
}
