/** A whole message of PostgreSQL's protocol. */
export interface Frame {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Cuts what comes on a connection into messages: a type, a length in four bytes that counts itself, a body. */
export class Frames {
  private rest = Buffer.alloc(0);

  add(chunk: Buffer): Frame[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const frames: Frame[] = [];
    while (this.rest.length >= 5) {
      const length = 1 + this.rest.readUInt32BE(1);
      if (this.rest.length < length) break;
      frames.push({ type: this.rest.toString('latin1', 0, 1), bytes: this.rest.subarray(0, length) });
      this.rest = this.rest.subarray(length);
    }
    return frames;
  }
}
