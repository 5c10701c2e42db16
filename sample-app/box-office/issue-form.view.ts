import { offers, keyOf } from './offer.catalogue.js';
import { type IssueForm, lives } from './issue.form.js';

/** The form as the template shows it, filled in with what was typed before, but never with the password. */
export function issueFormView({
  guest = 'Léonard',
  offer = 'louvre/visit',
  expires = '',
  secret = 'generated',
}: Partial<IssueForm>) {
  return {
    guest,
    offers: offers.map(({ name, ...where }) => {
      const key = keyOf(where);
      return { key, name, selected: key === offer };
    }),
    expires,
    lives: Object.keys(lives).map((life) => ({ life, selected: life === expires })),
    chosen: secret === 'chosen',
  };
}
