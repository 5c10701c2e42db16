import { UnprocessableEntityException } from '@nestjs/common';
import { Column, Entity, type EntityManager, PrimaryGeneratedColumn } from 'typeorm';
import { reach } from './checkpoints.js';

/** What a handler did for a ticket: one row for each run. */
@Entity()
export class Effect {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ length: 36 })
  ticket!: string;

  /** The name of the app that ran the handler. */
  @Column({ length: 100 })
  app!: string;
}

/** What all handlers do. */
export async function writeEffect(
  manager: EntityManager,
  effect: Omit<Effect, 'id'>,
  fails: boolean,
): Promise<string> {
  await reach('in-handler', effect.ticket);
  await manager.insert(Effect, effect);
  await reach('after-effect', effect.ticket);
  if (fails) throw new UnprocessableEntityException();
  return effect.ticket;
}
