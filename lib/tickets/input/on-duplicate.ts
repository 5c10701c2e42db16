export const ON_DUPLICATE = ['allow', 'revoke', 'reject'] as const;
/**
 * What to do about valid tickets of the same place, purpose and subject.
 * @useDeclaredType
 */
export type OnDuplicate = (typeof ON_DUPLICATE)[number];
