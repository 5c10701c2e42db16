import type { Language } from './language.js';

/** Addressed as *Sie*. */
export const german: Language = {
  tag: 'de',
  confirm: {
    title: 'Noch ein Schritt',
    message: 'Dieser Link gilt nur ein einziges Mal. Drücken Sie auf die Schaltfläche, um ihn zu verwenden.',
    button: 'Weiter',
  },
  refusals: {
    TICKET_MISSING: {
      title: 'Ein Link wird benötigt',
      message: 'Hier wird ein Link oder ein Code benötigt.',
      hint: 'Öffnen Sie den Link, den Sie erhalten haben. Wenn Sie ihn schon einmal geöffnet haben, öffnen Sie ihn bitte noch einmal.',
    },
    TICKET_INVALID: {
      title: 'Hier nicht gültig',
      message: 'Dieser Link oder Code ist hier nicht gültig.',
      hint: 'Öffnen Sie den Link, den Sie erhalten haben, noch einmal. Wenn das nicht hilft, bitten Sie um einen neuen.',
    },
    TICKET_USED: {
      title: 'Bereits verwendet',
      message: 'Dieser Link oder Code wurde bereits verwendet.',
      hint: 'Das war am {when}. Wenn Sie es selbst waren, hat alles geklappt, und Sie müssen nichts weiter tun.',
    },
    TICKET_EXPIRED: {
      title: 'Abgelaufen',
      message: 'Dieser Link oder Code ist abgelaufen.',
      hint: 'Das war am {when}. Wenn Sie ihn noch brauchen, bitten Sie um einen neuen.',
    },
    TICKET_REVOKED: {
      title: 'Widerrufen',
      message: 'Dieser Link oder Code wurde widerrufen.',
      hint: 'Das war am {when}. Wenn Sie ihn noch brauchen, bitten Sie um einen neuen.',
    },
    TICKET_BUSY: {
      title: 'Einen Moment bitte',
      message: 'Dieser Link oder Code wird gerade verwendet.',
      hint: 'Wenn Sie zweimal auf die Schaltfläche gedrückt haben, wird das erste Mal noch bearbeitet. Laden Sie diese Seite neu, falls das nicht von selbst geschieht.',
    },
    TICKET_OFFICE_BUSY: {
      title: 'Einen Moment bitte',
      message: 'Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.',
    },
    unfinished: {
      title: 'Nicht abgeschlossen',
      message: 'Dieser Vorgang wurde begonnen und nicht abgeschlossen.',
      hint: 'Er begann am {when}. Die Seite neu zu laden hilft nicht. Bitte wenden Sie sich dorthin, woher Sie den Link oder Code haben.',
    },
    crossSite: {
      title: 'Nicht ausgeführt',
      message: 'Diese Anfrage kommt von einer anderen Website und wurde nicht ausgeführt.',
      hint: 'Öffnen Sie den Link, den Sie erhalten haben, noch einmal, und versuchen Sie es erneut.',
    },
  },
};
