/** Whether a statement is the one that marks a ticket used. */
export const isStamp = (sql: string): boolean => /^UPDATE.*SET\s+\S*usedAt/is.test(sql);
/** Whether a statement is the one that takes a ticket. */
export const isClaim = (sql: string): boolean => /^UPDATE.*SET\s+\S*claimId\S*\s*=(?!\s*NULL)/is.test(sql);
/** Whether a statement is the one that gives a ticket back. */
export const isRelease = (sql: string): boolean => /^UPDATE.*SET\s+\S*claimId\S*\s*=\s*NULL/is.test(sql);
