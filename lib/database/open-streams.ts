import type { Readable } from 'node:stream';

/** The streams that were opened on a connection: nothing else can be sent on it before they are read or destroyed. */
export class OpenStreams {
  private readonly streams = new Set<Readable>();

  add(stream: Readable): void {
    this.streams.add(stream);
  }

  /** Destroys those that nobody has read to their end, nor destroyed; returns whether there were any. */
  destroy(): boolean {
    const open = [...this.streams].filter((stream) => !stream.readableEnded && !stream.destroyed);
    this.streams.clear();
    for (const stream of open) {
      // Its connection breaks; an error that nobody listens to would end the process.
      stream.on('error', () => undefined);
      stream.destroy();
    }
    return open.length > 0;
  }
}
