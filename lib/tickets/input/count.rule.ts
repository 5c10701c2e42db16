/** What is wrong with a number of things, and what to write; nothing when it is fine. */
export const countComplaint =
  (most: number) =>
  (value: unknown): string | undefined => {
    const isCount = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
    return isCount ? undefined : `must be a whole number from 1 to ${most}`;
  };
