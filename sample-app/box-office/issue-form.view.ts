import { errands, keyOf } from './errand.catalogue.js';
import { type IssueForm, lives } from './issue.form.js';

/** The form as the template shows it, with what was typed before; never the password. */
export function issueFormView({
  guest = 'Léonard',
  errand = 'louvre/visit',
  expires = '',
  secret = 'generated',
}: Partial<IssueForm>) {
  return {
    guest,
    errands: errands.map(({ name, ...where }) => {
      const key = keyOf(where);
      return { key, name, selected: key === errand };
    }),
    expires,
    lives: Object.keys(lives).map((life) => ({ life, selected: life === expires })),
    chosen: secret === 'chosen',
  };
}
