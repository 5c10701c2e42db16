import type { Language } from './language.js';

/** Addressed as *usted*. */
export const spanish: Language = {
  tag: 'es',
  confirm: {
    title: 'Un paso más',
    message: 'Este enlace solo sirve una vez. Pulse el botón para utilizarlo.',
    button: 'Continuar',
  },
  refusals: {
    TICKET_MISSING: {
      title: 'Se necesita un enlace',
      message: 'Aquí se necesita un enlace o un código.',
      hint: 'Abra el enlace que recibió. Si ya lo ha abierto antes, ábralo de nuevo.',
    },
    TICKET_INVALID: {
      title: 'No válido aquí',
      message: 'Este enlace o código no es válido aquí.',
      hint: 'Abra de nuevo el enlace que recibió. Si eso no basta, solicite otro.',
    },
    TICKET_USED: {
      title: 'Ya utilizado',
      message: 'Este enlace o código ya se ha utilizado.',
      hint: 'Se utilizó el {when}. Si fue usted, todo salió bien y no tiene que hacer nada más.',
    },
    TICKET_EXPIRED: {
      title: 'Caducado',
      message: 'Este enlace o código ha caducado.',
      hint: 'Caducó el {when}. Si todavía lo necesita, solicite otro.',
    },
    TICKET_REVOKED: {
      title: 'Anulado',
      message: 'Este enlace o código se ha anulado.',
      hint: 'Se anuló el {when}. Si todavía lo necesita, solicite otro.',
    },
    TICKET_BUSY: {
      title: 'Un momento, por favor',
      message: 'Este enlace o código se está utilizando en este momento.',
      hint: 'Si ha pulsado el botón dos veces, la primera solicitud aún se está procesando. Vuelva a cargar esta página si no se recarga sola.',
    },
    TICKET_OFFICE_BUSY: {
      title: 'Un momento, por favor',
      message: 'El servidor está ocupado. Inténtelo de nuevo en un momento.',
    },
    unfinished: {
      title: 'Sin terminar',
      message: 'Esta operación comenzó y no ha terminado.',
      hint: 'Comenzó el {when}. Volver a cargar esta página no sirve de nada: pida ayuda allí donde obtuvo el enlace o el código.',
    },
    crossSite: {
      title: 'Solicitud no realizada',
      message: 'Esta solicitud procede de otro sitio web y no se ha llevado a cabo.',
      hint: 'Abra de nuevo el enlace que recibió e inténtelo otra vez.',
    },
  },
};
