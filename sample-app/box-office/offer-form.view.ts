import { keyOf, offers } from './offer.catalogue.js';
import { lives, type OfferForm } from './offer.form.js';

/** The fields of views/partials/offer.hbs, filled in with what was chosen before. */
export const offerFormView = ({ offer = 'louvre/visit', expires = '' }: Partial<OfferForm>) => ({
  offers: offers.map(({ name, ...where }) => {
    const key = keyOf(where);
    return { key, name, selected: key === offer };
  }),
  expires,
  lives: Object.keys(lives).map((life) => ({ life, selected: life === expires })),
});
