/** Holds whoever awaits `opened` until somebody calls `open`. */
export interface Barrier {
  readonly opened: Promise<void>;
  open: () => void;
}

export function barrier(): Barrier {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** An `arrive` that lets everybody go on together, once it was called as often as there are parties. */
export function rendezvous(parties: number): () => Promise<void> {
  const { opened, open } = barrier();
  let missing = parties;
  return function arrive() {
    missing -= 1;
    if (missing === 0) open();
    return opened;
  };
}
