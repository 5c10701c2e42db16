import fc from 'fast-check';

/** Which one of a list that grows: counted from the newest back, and round again. Shrinks to the newest. */
export type Pick = number;

export const anyPick = fc.nat({ max: 5 });

export const pick = ({ length }: readonly unknown[], back: Pick): number => length - 1 - (back % length);

export const picked = <T>(list: readonly T[], back: Pick): T => list[pick(list, back)]!;
