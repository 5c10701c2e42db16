import type { ListedStatus } from 'nestjs-ticketoffice';

/** A filter of the list: one link above it. */
export interface ListView {
  /** In URLs. */
  readonly key: string;
  readonly name: string;
  /** Only tickets with this status; left out: all. */
  readonly status?: ListedStatus;
  /** The clerk's action after which a ticket is no longer among these. */
  readonly leftBy?: 'reopen' | 'revoke' | 'reissue';
  /** Explains these tickets. */
  readonly hint?: string;
  /** Shown when there are none. */
  readonly none: string;
}

const ALL: ListView = { key: 'all', name: 'All', none: 'No tickets yet.' };

export const views: readonly ListView[] = [
  ALL,
  { key: 'valid', name: 'Valid', status: 'valid', leftBy: 'revoke', none: 'No ticket is valid.' },
  {
    key: 'in-use',
    name: 'In use',
    status: 'claimed',
    leftBy: 'reopen',
    hint: 'These are being used right now, or were when the museum crashed.',
    none: 'No ticket is in use.',
  },
  { key: 'used', name: 'Used', status: 'used', none: 'No ticket is used.' },
  { key: 'expired', name: 'Expired', status: 'expired', leftBy: 'reissue', none: 'No ticket has expired.' },
  { key: 'revoked', name: 'Revoked', status: 'revoked', none: 'No ticket is revoked.' },
  {
    key: 'locked',
    name: 'Locked',
    status: 'locked',
    hint: 'After five wrong tries, no code and no password opens anything with them. Issue a new ticket instead.',
    none: 'No ticket is locked.',
  },
];

export const viewOf = (key: unknown): ListView => views.find((view) => view.key === key) ?? ALL;
