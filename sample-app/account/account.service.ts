import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

interface StoredPassword {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** The accounts of this sample: names and scrypt hashes, gone when the process ends. */
@Injectable()
export class AccountService {
  private readonly passwords = new Map<string, StoredPassword>();
  private readonly nobody: StoredPassword = { salt: randomBytes(16), hash: randomBytes(32) };

  /** Sets the password, for an account that is made if there is none. */
  async setPassword(name: string, password: string): Promise<void> {
    const salt = randomBytes(16);
    this.passwords.set(name, { salt, hash: await derive(password, salt, 32) });
  }

  /** Whether the password is the account's; takes as long if there is no such account. */
  async hasPassword(name: string, password: string): Promise<boolean> {
    const { salt, hash } = this.passwords.get(name) ?? this.nobody;
    return timingSafeEqual(await derive(password, salt, 32), hash);
  }
}
