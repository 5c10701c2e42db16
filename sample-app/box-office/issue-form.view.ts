import type { IssueForm } from './issue.form.js';
import { offerFormView } from './offer-form.view.js';

/** The form as the template shows it, filled in with what was typed before, but never with the password. */
export const issueFormView = ({
  guest = 'Léonard',
  secret = 'generated',
  ...chosen
}: Partial<IssueForm>) => ({ guest, chosen: secret === 'chosen', ...offerFormView(chosen) });
