import type { Language } from './language.js';

/** Addressed as *vous*. No-break spaces before `:` `;` `!` `?`, as French sets them. */
export const french: Language = {
  tag: 'fr',
  confirm: {
    title: 'Encore une étape',
    message: 'Ce lien ne peut servir qu’une seule fois. Appuyez sur le bouton pour l’utiliser.',
    button: 'Continuer',
  },
  refusals: {
    TICKET_MISSING: {
      title: 'Un lien est nécessaire',
      message: 'Un lien ou un code est nécessaire ici.',
      hint: 'Ouvrez le lien que vous avez reçu. Si vous l’avez déjà ouvert, ouvrez-le à nouveau.',
    },
    TICKET_INVALID: {
      title: 'Non valable ici',
      message: 'Ce lien ou ce code n’est pas valable ici.',
      hint: 'Ouvrez à nouveau le lien que vous avez reçu. Si cela ne suffit pas, demandez-en un autre.',
    },
    TICKET_USED: {
      title: 'Déjà utilisé',
      message: 'Ce lien ou ce code a déjà été utilisé.',
      hint: 'C’était le {when}. Si c’était vous, tout s’est bien passé et vous n’avez plus rien à faire.',
    },
    TICKET_EXPIRED: {
      title: 'Expiré',
      message: 'Ce lien ou ce code a expiré.',
      hint: 'C’était le {when}. Si vous en avez encore besoin, demandez-en un autre.',
    },
    TICKET_REVOKED: {
      title: 'Annulé',
      message: 'Ce lien ou ce code a été annulé.',
      hint: 'C’était le {when}. Si vous en avez encore besoin, demandez-en un autre.',
    },
    TICKET_BUSY: {
      title: 'Un instant, s’il vous plaît',
      message: 'Ce lien ou ce code est en cours d’utilisation.',
      hint: 'Si vous avez appuyé deux fois sur le bouton, la première demande est en cours de traitement. Rechargez cette page si elle ne se recharge pas d’elle-même.',
    },
    TICKET_OFFICE_BUSY: {
      title: 'Un instant, s’il vous plaît',
      message: 'Le serveur est occupé. Réessayez dans un instant.',
    },
    unfinished: {
      title: 'Inachevé',
      message: 'Cette opération a été commencée et n’est pas terminée.',
      hint: 'Elle a commencé le {when}. Recharger cette page ne sert à rien\u00a0: demandez de l’aide là où vous avez obtenu le lien ou le code.',
    },
    crossSite: {
      title: 'Demande non exécutée',
      message: 'Cette demande provient d’un autre site et n’a pas été exécutée.',
      hint: 'Ouvrez à nouveau le lien que vous avez reçu, puis réessayez.',
    },
  },
};
