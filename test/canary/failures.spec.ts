import { failures } from './failures.js';
import { searchAfter } from './search.js';

searchAfter(failures, [
  ...['issued', 'admitted', 'refused', 'claimed', 'stamped', 'released'].map((type) => `event: ${type}`),
  ...[200, 303, 403, 422, 500].map((status) => `answer: ${status}`),
  ...['Credentials', 'TicketInput', 'TicketOfficeConfiguration', 'QueryFailed'].map(
    (name) => `error: ${name}Error`,
  ),
]);
