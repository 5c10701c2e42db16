import { flows } from './flows.js';
import { searchAfter } from './search.js';

searchAfter(flows, [
  ...['issued', 'admitted', 'refused', 'claimed', 'stamped', 'released'].map((type) => `event: ${type}`),
  ...['locked', 'revoked', 'reissued', 'reopened', 'cleaned'].map((type) => `event: ${type}`),
  ...[200, 201, 303, 401, 403, 409].map((status) => `answer: ${status}`),
  ...['Credentials', 'TicketUsed', 'TicketExpired', 'TicketRevoked', 'TicketBusy'].map(
    (name) => `error: ${name}Error`,
  ),
]);
