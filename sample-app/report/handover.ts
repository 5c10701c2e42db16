import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Claim } from 'nestjs-ticketoffice';

const PATIENCE = 60_000;

const logger = new Logger('Handover');

/**
 * Sends a file to the guest who claimed it. The ticket is used up once the last byte has left for the guest, not
 * before: a download that is cut short, by the guest or by a file that cannot be read to its end, gives it back.
 *
 * That favours the guest: one who cuts the line on purpose, just before the end, may come again.
 *
 * @param patience in ms: a guest who takes nothing for that long has gone, and the ticket is not to be in use for ever
 * @throws what went wrong with the file or the ticket; nothing when it is the guest who has gone
 */
export async function handOver(
  claim: Claim,
  file: Readable,
  response: ServerResponse,
  patience = PATIENCE,
): Promise<void> {
  response.setTimeout(patience);
  try {
    await pipeline(file, response);
  } catch (error) {
    // The connection is broken off by now, not ended: what has arrived does not pass for the whole.
    await claim.release().catch((failure: unknown) => logger.error('A ticket stays in use', failure));
    if (isDeparture(error)) return;
    throw error;
  }
  await claim.stamp();
}

const isDeparture = (error: unknown): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
