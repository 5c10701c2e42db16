import type { Mark } from './ticket.marks.js';

/** A choice of tickets that the box office shows: one link above the list. */
export interface ListView {
  /** As it stands in addresses. */
  readonly key: string;
  readonly name: string;
  /** Only the tickets with this mark, oldest first; left out: all, newest first. */
  readonly mark?: Mark;
  /** What to know about these tickets. */
  readonly about?: string;
  /** What is said where there are none. */
  readonly none: string;
}

const ALL: ListView = { key: 'all', name: 'All', none: 'None so far.' };

export const views: readonly ListView[] = [
  ALL,
  {
    key: 'in-use',
    name: 'In use',
    mark: 'claimed',
    about: 'These are being used right now, or were when the museum crashed.',
    none: 'None is in use.',
  },
  {
    key: 'locked',
    name: 'Locked',
    mark: 'locked',
    about:
      'Their wrong tries are used up: no code and no password opens anything with them any more. Issue a new ticket instead.',
    none: 'None is locked.',
  },
];

export const viewOf = (key: unknown): ListView => views.find((view) => view.key === key) ?? ALL;
