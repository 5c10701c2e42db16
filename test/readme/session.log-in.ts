import { promisify } from 'node:util';

type Callback = (error?: unknown) => void;

/** What express-session and @fastify/session have in common. */
export interface WithSession {
  readonly session: {
    userId?: string;
    regenerate(callback: Callback): unknown;
    save(callback: Callback): unknown;
  };
}

/** Logs a user in under a new session id: nobody who knows the old one is logged in with them. */
export async function logIn(request: WithSession, userId: string): Promise<void> {
  await promisify((done: Callback) => void request.session.regenerate(done))();
  request.session.userId = userId; // in the new session, which is empty but for this
  await promisify((done: Callback) => void request.session.save(done))(); // before the guest is sent on
}
