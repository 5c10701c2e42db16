const sets = (sql: string, change: RegExp): boolean =>
  change.test(/^UPDATE.*?\sSET\s(.*?)\sWHERE\s/is.exec(sql)?.[1] ?? '');

/** Whether a statement is one that marks a ticket used: alone, or together with the claim. */
export const isStamp = (sql: string): boolean => sets(sql, /usedAt/);
/** Whether a statement is the one that takes a ticket. */
export const isClaim = (sql: string): boolean => sets(sql, /claimId\W*=(?!\s*NULL)/) && !isStamp(sql);
/** Whether a statement is the one that gives a ticket back. */
export const isRelease = (sql: string): boolean => sets(sql, /claimId\W*=\s*NULL/);
