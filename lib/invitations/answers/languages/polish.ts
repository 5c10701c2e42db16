import type { Language } from './language.js';

/** Impersonal. A date stands by itself: in a sentence it would need `o` before the time. */
export const polish: Language = {
  tag: 'pl',
  confirm: {
    title: 'Jeszcze jeden krok',
    message: 'Ten link działa tylko raz. Aby z niego skorzystać, proszę nacisnąć przycisk.',
    button: 'Dalej',
  },
  refusals: {
    TICKET_MISSING: {
      title: 'Potrzebny jest link',
      message: 'Potrzebny jest tutaj link lub kod.',
      hint: 'Proszę otworzyć otrzymany link. Jeśli był już otwierany, proszę otworzyć go ponownie.',
    },
    TICKET_INVALID: {
      title: 'Tutaj nieważny',
      message: 'Ten link lub kod jest tutaj nieważny.',
      hint: 'Proszę ponownie otworzyć otrzymany link. Jeśli to nie pomoże, potrzebny będzie nowy.',
    },
    TICKET_USED: {
      title: 'Już wykorzystany',
      message: 'Ten link lub kod został już wykorzystany.',
      hint: 'Data wykorzystania: {when}. Jeśli było to zamierzone, wszystko się udało i nie trzeba nic więcej robić.',
    },
    TICKET_EXPIRED: {
      title: 'Wygasły',
      message: 'Ten link lub kod wygasł.',
      hint: 'Data wygaśnięcia: {when}. Jeśli nadal jest potrzebny, trzeba poprosić o nowy.',
    },
    TICKET_REVOKED: {
      title: 'Unieważniony',
      message: 'Ten link lub kod został unieważniony.',
      hint: 'Data unieważnienia: {when}. Jeśli nadal jest potrzebny, trzeba poprosić o nowy.',
    },
    TICKET_BUSY: {
      title: 'Proszę czekać',
      message: 'Ten link lub kod jest właśnie używany.',
      hint: 'Jeśli przycisk został naciśnięty dwa razy, pierwsze naciśnięcie jest jeszcze przetwarzane. Jeśli strona nie odświeży się sama, proszę ją odświeżyć.',
    },
    TICKET_OFFICE_BUSY: {
      title: 'Proszę czekać',
      message: 'Serwer jest zajęty. Proszę spróbować ponownie za chwilę.',
    },
    unfinished: {
      title: 'Nie ukończono',
      message: 'Tę operację rozpoczęto i nie ukończono.',
      hint: 'Data rozpoczęcia: {when}. Odświeżenie strony nie pomoże: o pomoc proszę zwrócić się tam, skąd pochodzi link lub kod.',
    },
    crossSite: {
      title: 'Nie wykonano',
      message: 'To żądanie pochodzi z innej witryny i nie zostało wykonane.',
      hint: 'Proszę ponownie otworzyć otrzymany link i spróbować jeszcze raz.',
    },
  },
};
