import type { Language } from './language.js';

/** Addressed as *u*. */
export const dutch: Language = {
  tag: 'nl',
  confirm: {
    title: 'Nog één stap',
    message: 'Deze link is maar één keer geldig. Druk op de knop om hem te gebruiken.',
    button: 'Doorgaan',
  },
  refusals: {
    TICKET_MISSING: {
      title: 'Er is een link nodig',
      message: 'Hier is een link of code nodig.',
      hint: 'Open de link die u hebt ontvangen. Als u hem al eerder hebt geopend, open hem dan nog een keer.',
    },
    TICKET_INVALID: {
      title: 'Hier niet geldig',
      message: 'Deze link of code is hier niet geldig.',
      hint: 'Open de link die u hebt ontvangen nog een keer. Als dat niet helpt, vraag dan een nieuwe aan.',
    },
    TICKET_USED: {
      title: 'Al gebruikt',
      message: 'Deze link of code is al gebruikt.',
      hint: 'Dat was op {when}. Als u dat zelf was, is alles goed gegaan en hoeft u niets meer te doen.',
    },
    TICKET_EXPIRED: {
      title: 'Verlopen',
      message: 'Deze link of code is verlopen.',
      hint: 'Dat was op {when}. Als u hem nog nodig hebt, vraag dan een nieuwe aan.',
    },
    TICKET_REVOKED: {
      title: 'Ingetrokken',
      message: 'Deze link of code is ingetrokken.',
      hint: 'Dat was op {when}. Als u hem nog nodig hebt, vraag dan een nieuwe aan.',
    },
    TICKET_BUSY: {
      title: 'Een ogenblik geduld',
      message: 'Deze link of code wordt op dit moment gebruikt.',
      hint: 'Als u twee keer op de knop hebt gedrukt, wordt de eerste keer nog verwerkt. Laad deze pagina opnieuw als dat niet vanzelf gebeurt.',
    },
    TICKET_OFFICE_BUSY: {
      title: 'Een ogenblik geduld',
      message: 'De server is bezet. Probeer het zo meteen opnieuw.',
    },
    unfinished: {
      title: 'Niet voltooid',
      message: 'Deze handeling is begonnen en niet voltooid.',
      hint: 'De handeling begon op {when}. Deze pagina opnieuw laden helpt niet: vraag om hulp waar u de link of code hebt gekregen.',
    },
    crossSite: {
      title: 'Niet uitgevoerd',
      message: 'Dit verzoek komt van een andere website en is niet uitgevoerd.',
      hint: 'Open de link die u hebt ontvangen nog een keer en probeer het opnieuw.',
    },
  },
};
