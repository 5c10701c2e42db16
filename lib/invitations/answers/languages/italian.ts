import type { Language } from './language.js';

/** Addressed as *Lei*. No article before a date: it would be `il 1`, but `l’8`. */
export const italian: Language = {
  tag: 'it',
  confirm: {
    title: 'Ancora un passaggio',
    message: 'Questo link è valido una sola volta. Prema il pulsante per utilizzarlo.',
    button: 'Continua',
  },
  refusals: {
    TICKET_MISSING: {
      title: 'Serve un link',
      message: 'Qui serve un link o un codice.',
      hint: 'Apra il link che ha ricevuto. Se lo ha già aperto, lo apra di nuovo.',
    },
    TICKET_INVALID: {
      title: 'Non valido qui',
      message: 'Questo link o codice non è valido qui.',
      hint: 'Apra di nuovo il link che ha ricevuto. Se non basta, ne richieda un altro.',
    },
    TICKET_USED: {
      title: 'Già utilizzato',
      message: 'Questo link o codice è già stato utilizzato.',
      hint: 'È stato utilizzato in data {when}. Se lo ha utilizzato Lei, tutto è andato a buon fine e non occorre fare altro.',
    },
    TICKET_EXPIRED: {
      title: 'Scaduto',
      message: 'Questo link o codice è scaduto.',
      hint: 'È scaduto in data {when}. Se Le serve ancora, ne richieda un altro.',
    },
    TICKET_REVOKED: {
      title: 'Revocato',
      message: 'Questo link o codice è stato revocato.',
      hint: 'È stato revocato in data {when}. Se Le serve ancora, ne richieda un altro.',
    },
    TICKET_BUSY: {
      title: 'Un momento, per favore',
      message: 'Questo link o codice è in uso in questo momento.',
      hint: 'Se ha premuto il pulsante due volte, la prima richiesta è ancora in corso. Ricarichi questa pagina se non si ricarica da sola.',
    },
    TICKET_OFFICE_BUSY: {
      title: 'Un momento, per favore',
      message: 'Il server è occupato. Riprovi tra un momento.',
    },
    unfinished: {
      title: 'Non completato',
      message: 'Questa operazione è stata avviata e non è stata completata.',
      hint: 'È stata avviata in data {when}. Ricaricare questa pagina non serve: chieda aiuto dove ha ottenuto il link o il codice.',
    },
    crossSite: {
      title: 'Richiesta non eseguita',
      message: 'Questa richiesta proviene da un altro sito e non è stata eseguita.',
      hint: 'Apra di nuovo il link che ha ricevuto e riprovi.',
    },
  },
};
