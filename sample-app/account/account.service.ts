import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { Account } from './account.entity.js';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** The accounts of this sample: names and scrypt hashes. */
@Injectable()
export class AccountService {
  constructor(@InjectRepository(Account) private readonly accounts: Repository<Account>) {}

  /**
   * Sets an account's password; creates the account if there is none.
   *
   * @param manager of the transaction that stamps the ticket
   */
  async setPassword(name: string, password: string, manager: EntityManager): Promise<void> {
    const salt = randomBytes(16);
    const hash = await derive(password, salt, 32);
    await manager.upsert(Account, { name, password: `${salt.toString('hex')}:${hash.toString('hex')}` }, [
      'name',
    ]);
  }

  /** Whether the password is the account's. Takes as long when there is no such account. */
  async hasPassword(name: string, password: string): Promise<boolean> {
    const account = await this.accounts.findOneBy({ name });
    const [salt, hash] = account ? parse(account.password) : [randomBytes(16), randomBytes(32)];
    return timingSafeEqual(await derive(password, salt, 32), hash);
  }
}

const parse = (stored: string) =>
  stored.split(':').map((part) => Buffer.from(part, 'hex')) as [Buffer, Buffer];
