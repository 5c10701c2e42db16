import type { BlockedStatus } from './blocked-tickets.js';

/** A filter of the list: one link above it. */
export interface ListView {
  /** In URLs. */
  readonly key: string;
  readonly name: string;
  /** Only tickets with this status, oldest first; left out: all, newest first. */
  readonly status?: BlockedStatus;
  /** Explains these tickets. */
  readonly hint?: string;
  /** Shown when there are none. */
  readonly none: string;
}

const ALL: ListView = { key: 'all', name: 'All', none: 'No tickets yet.' };

export const views: readonly ListView[] = [
  ALL,
  {
    key: 'in-use',
    name: 'In use',
    status: 'claimed',
    hint: 'These are being used right now, or were when the museum crashed.',
    none: 'No ticket is in use.',
  },
  {
    key: 'locked',
    name: 'Locked',
    status: 'locked',
    hint: 'After five wrong tries, no code and no password opens anything with them. Issue a new ticket instead.',
    none: 'No ticket is locked.',
  },
];

export const viewOf = (key: unknown): ListView => views.find((view) => view.key === key) ?? ALL;
