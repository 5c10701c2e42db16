import { randomBytes } from 'node:crypto';

/** Marks a secret as ours, for people and for secret scanners. */
const PREFIX = 'tkt_';
/** 256 bits: far above the 112 from which a fast hash is right (NIST SP 800-63B-4, section 3.1.2.2). */
const SECRET_BYTES = 32;
const GENERATED = /^tkt_[A-Za-z0-9_-]{43}$/;

/** A new secret: `tkt_` and 43 base64url characters. */
export const generateSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64url');

/** Whether a secret has the shape of a generated one: the shape alone decides how it is kept and checked. */
export const isGeneratedSecret = (secret: string): boolean => GENERATED.test(secret);
