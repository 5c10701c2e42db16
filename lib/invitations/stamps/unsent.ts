import { StreamableFile } from '@nestjs/common';

/** Closes what values that will not be sent hold open: nobody else would, and a file has a descriptor. */
export function destroyUnsent(values: readonly unknown[]): void {
  for (const value of values) {
    if (value instanceof StreamableFile) value.getStream()?.destroy?.();
  }
}
