import { BoundedQueue } from '../secrets/bounded.queue.js';

/**
 * The queue of guests whose passwords are checked: `concurrency` checks run at once, and `queue` more wait. Apart from
 * argon2's own queue, because a check waits for the database, too.
 */
export class PasswordQueue extends BoundedQueue {}
