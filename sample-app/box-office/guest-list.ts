import { UnprocessableEntityException } from '@nestjs/common';

/** Most guests of one list: each of them is on the page afterwards. */
export const MOST_GUESTS = 100;
const MOST_FAULTS = 10;
const MOST_NAME = 60;
/** What a ticket's subject holds. */
const MOST_SUBJECT = 191;

export interface ListedGuest {
  readonly name: string;
  /** What the ticket is about; left out: the offer's own. */
  readonly subject?: string;
}

/**
 * The guests of a list with one on each line: `name`, or `name, subject`. Empty lines count for nothing.
 *
 * @throws UnprocessableEntityException that names each bad line, or the first of them
 */
export function guestsOf(text: string): ListedGuest[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '');
  const guests = lines.map(({ line }) => guestOf(line));
  const faults = guests.flatMap((guest, index) => {
    const problem = problemOf(guest);
    return problem === undefined ? [] : [`Line ${lines[index]!.number}: ${problem}`];
  });
  if (guests.length === 0) faults.push('Write the guests, one on each line.');
  if (guests.length > MOST_GUESTS)
    faults.unshift(`Write at most ${MOST_GUESTS} guests, not ${guests.length}.`);
  if (faults.length > 0) throw new UnprocessableEntityException(shortened(faults));
  return guests;
}

/** A subject may contain commas. */
function guestOf(line: string): ListedGuest {
  const [name, ...rest] = line.split(',');
  return { name: name!.trim(), subject: rest.length > 0 ? rest.join(',').trim() : undefined };
}

function problemOf({ name, subject }: ListedGuest): string | undefined {
  if (name === '') return 'write the guest’s name.';
  if (name.length > MOST_NAME) return `write a guest’s name of at most ${MOST_NAME} characters.`;
  if (subject === '') return 'write what the ticket is about after the comma, or leave the comma out.';
  if (subject !== undefined && subject.length > MOST_SUBJECT)
    return `write at most ${MOST_SUBJECT} characters after the comma.`;
  return /\p{Cc}/u.test(name + (subject ?? ''))
    ? 'separate both by a comma, without tabs or other control characters.'
    : undefined;
}

function shortened(faults: string[]): string[] {
  const more = faults.length - MOST_FAULTS;
  return more > 0 ? [...faults.slice(0, MOST_FAULTS), `And ${more} more.`] : faults;
}
