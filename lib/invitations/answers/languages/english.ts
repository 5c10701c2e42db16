import type { Language } from './language.js';

export const english: Language = {
  tag: 'en',
  // Day before month, on a clock of 24 hours.
  dates: 'en-GB',
  confirm: {
    title: 'One more step',
    message: 'This link is good for one time. Press the button to use it.',
    button: 'Continue',
  },
  refusals: {
    TICKET_MISSING: {
      title: 'A link is needed',
      message: 'A link or a code is needed here.',
      hint: 'Open the link that you were sent. If you have opened it before, open it once more.',
    },
    TICKET_INVALID: {
      title: 'Not valid here',
      message: 'This link or code is not valid here.',
      hint: 'Open the link that you were sent once more. If that does not help, ask for another one.',
    },
    TICKET_USED: {
      title: 'Already used',
      message: 'This link or code has already been used.',
      hint: 'That was on {when}. If it was you, all went well, and there is nothing left to do.',
    },
    TICKET_EXPIRED: {
      title: 'Expired',
      message: 'This link or code has expired.',
      hint: 'That was on {when}. If you still need it, ask for another one.',
    },
    TICKET_REVOKED: {
      title: 'Revoked',
      message: 'This link or code has been revoked.',
      hint: 'That was on {when}. If you still need it, ask for another one.',
    },
    TICKET_BUSY: {
      title: 'One moment, please',
      message: 'This link or code is being used right now.',
      hint: 'If you have pressed the button twice, the first time is at work. Load this page again if it does not do so by itself.',
    },
    TICKET_OFFICE_BUSY: {
      title: 'One moment, please',
      message: 'The server is busy. Try again in a moment.',
    },
    unfinished: {
      title: 'Not finished',
      message: 'This was begun, and has not been finished.',
      hint: 'It was begun on {when}. To load this page again does not help: ask for help where you got the link or code.',
    },
    crossSite: {
      title: 'Not carried out',
      message: 'This request comes from another site, and was not carried out.',
      hint: 'Open the link that you were sent once more, and try again.',
    },
  },
};
