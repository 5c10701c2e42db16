import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { isOut, type Reply } from '../../support/reply.js';

/** An error that the app's own filter answers with 200. */
export class Forgiven extends Error {}

export const FORGIVEN = 'Never mind';

@Catch(Forgiven)
export class ForgivingFilter implements ExceptionFilter<Forgiven> {
  catch(_: Forgiven, host: ArgumentsHost) {
    const reply = host.switchToHttp().getResponse<Reply>();
    if (!isOut(reply)) reply.status(200).send(FORGIVEN);
  }
}
