import fc, { type Arbitrary } from 'fast-check';
import { anyText } from './anything.js';

/** One change of a text, wherever its length has it. */
export interface Change {
  readonly kind: 'replace' | 'insert' | 'remove' | 'double' | 'swap' | 'cut' | 'case';
  readonly at: number;
  readonly by: string;
}

const NEARBY = '09azAZ-_.$=:+/%, \n\0'.split('');

export const anyChange: Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('replace', 'insert', 'remove', 'double', 'swap', 'cut', 'case'),
  at: fc.nat({ max: 500 }),
  by: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NEARBY) }, anyText),
});

/** The text with the change; now and then that is the text itself. */
export function changed(text: string, { kind, at: anywhere, by }: Change): string {
  const at = anywhere % (text.length + 1);
  const [head, one, tail] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  switch (kind) {
    case 'replace':
      return head + by + tail;
    case 'insert':
      return head + by + one + tail;
    case 'remove':
      return head + tail;
    case 'double':
      return head + one + one + tail;
    case 'swap':
      return head + tail.charAt(0) + one + tail.slice(1);
    case 'cut':
      return head;
    case 'case':
      return head + (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase()) + tail;
  }
}
