import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Claim } from 'nestjs-ticketoffice';

const IDLE_TIMEOUT = 60_000;

const logger = new Logger('Download');

/**
 * Sends a file, and stamps its ticket once the last byte has been sent. A download that is cut short, by the guest or by
 * an error while reading the file, releases the ticket.
 *
 * This favours the guest: one who disconnects on purpose, just before the end, may download again.
 *
 * @param idleTimeout in ms: a guest who reads nothing for that long counts as disconnected, or the claim would never end
 * @throws errors of the file or of the ticket; nothing when the guest disconnects
 */
export async function sendDownload(
  claim: Claim,
  file: Readable,
  response: ServerResponse,
  idleTimeout = IDLE_TIMEOUT,
): Promise<void> {
  response.setTimeout(idleTimeout);
  try {
    await pipeline(file, response);
  } catch (error) {
    // The connection is destroyed by now, not ended: the client cannot take the part for the whole.
    file.destroy(); // Node.js 24 leaves it open when the guest had disconnected before
    await claim
      .release()
      .catch((failure: unknown) => logger.error('The ticket could not be released', failure));
    if (isDisconnect(error)) return;
    throw error;
  }
  await claim.stamp();
}

const isDisconnect = (error: unknown): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_UNABLE_TO_PIPE'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
