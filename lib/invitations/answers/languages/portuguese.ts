import type { Language } from './language.js';

/** For Brazil and Portugal alike. */
export const portuguese: Language = {
  tag: 'pt',
  confirm: {
    title: 'Só mais um passo',
    message: 'Este link só pode ser utilizado uma vez. Pressione o botão para utilizá-lo.',
    button: 'Continuar',
  },
  refusals: {
    TICKET_MISSING: {
      title: 'É necessário um link',
      message: 'Aqui é necessário um link ou um código.',
      hint: 'Abra o link que recebeu. Se já o abriu, abra-o novamente.',
    },
    TICKET_INVALID: {
      title: 'Não é válido aqui',
      message: 'Este link ou código não é válido aqui.',
      hint: 'Abra novamente o link que recebeu. Se isso não resolver, peça outro.',
    },
    TICKET_USED: {
      title: 'Já utilizado',
      message: 'Este link ou código já foi utilizado.',
      hint: 'Foi utilizado em {when}. Se foi você, tudo correu bem e não é preciso fazer mais nada.',
    },
    TICKET_EXPIRED: {
      title: 'Expirado',
      message: 'Este link ou código expirou.',
      hint: 'Expirou em {when}. Se ainda precisar dele, peça outro.',
    },
    TICKET_REVOKED: {
      title: 'Revogado',
      message: 'Este link ou código foi revogado.',
      hint: 'Foi revogado em {when}. Se ainda precisar dele, peça outro.',
    },
    TICKET_BUSY: {
      title: 'Um momento, por favor',
      message: 'Este link ou código está em uso neste momento.',
      hint: 'Se pressionou o botão duas vezes, o primeiro pedido ainda está em curso. Recarregue esta página se isso não acontecer automaticamente.',
    },
    TICKET_OFFICE_BUSY: {
      title: 'Um momento, por favor',
      message: 'O servidor está ocupado. Tente novamente daqui a pouco.',
    },
    unfinished: {
      title: 'Não concluído',
      message: 'Esta operação foi iniciada e não foi concluída.',
      hint: 'Foi iniciada em {when}. Recarregar esta página não resolve: peça ajuda onde obteve o link ou o código.',
    },
    crossSite: {
      title: 'Pedido não executado',
      message: 'Este pedido vem de outro site e não foi executado.',
      hint: 'Abra novamente o link que recebeu e tente de novo.',
    },
  },
};
