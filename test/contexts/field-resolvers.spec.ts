import { type Type, UseInterceptors } from '@nestjs/common';
import { Field, ID, Int, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { InvitationRequired, StampInvitation, TicketOfficeConfigurationError } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { graphqlRequest as getRequest } from '../readme/graphql.request.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase } from '../support/app.js';
import { driverOf, startGraphql } from './graphql.museum.js';

@ObjectType()
class Room {
  @Field(() => ID)
  id!: string;

  @Field(() => Int, { nullable: true })
  safe?: number;
}

@Resolver()
class RoomsResolver {
  @Query(() => [Room])
  rooms() {
    return [{ id: 'a room' }];
  }
}

@Resolver(() => Room)
class SafeResolver {
  @ResolveField()
  @InvitationRequired('louvre', 'visit', { getRequest })
  safe() {
    return 42;
  }
}

@Resolver(() => Room)
class StampedSafeResolver {
  @ResolveField()
  @InvitationRequired('louvre', 'visit', { getRequest })
  @UseInterceptors(StampInvitation)
  safe() {
    return 42;
  }
}

@Resolver(() => Room)
@InvitationRequired('louvre', 'visit', { getRequest })
class WholeResolver {
  @Query(() => Room)
  room() {
    return { id: 'a room' };
  }

  @ResolveField()
  safe() {
    return 42;
  }
}

eachAdapter('a guarded field resolver', (adapter) => {
  const start = (resolvers: Type[], ...fieldResolverEnhancers: string[]) =>
    startGraphql(adapter, anyDatabase, resolvers, { settings: { fieldResolverEnhancers } });

  it.each([
    ['on the field', SafeResolver],
    ['on its class', WholeResolver],
  ])(
    `[M-2] (${driverOf(adapter)}) does not boot where Nest calls it without its guard %s`,
    async (_, resolver) => {
      const starting = start([RoomsResolver, resolver]);
      await expect(starting).rejects.toThrow(TicketOfficeConfigurationError);
      await expect(starting).rejects.toThrow(
        `${resolver.name}.safe is a GraphQL field resolver, which Nest calls without its guards: write fieldResolverEnhancers: ['guards']`,
      );
    },
  );

  it('[M-1] does not boot where Nest calls it without its stamp', async () => {
    const starting = start([RoomsResolver, StampedSafeResolver], 'guards');
    await expect(starting).rejects.toThrow(
      "StampedSafeResolver.safe is a GraphQL field resolver, which Nest calls without its interceptors: write fieldResolverEnhancers: ['guards', 'interceptors']",
    );
  });

  it('[M-2] is guarded where the app says so', async () => {
    const { send, invite } = await start([RoomsResolver, SafeResolver], 'guards');
    const { headers } = await invite();
    const refused = await send('{ rooms { id safe } }');
    expect(refused).toMatchObject({
      data: { rooms: [{ id: 'a room', safe: null }] },
      errors: [{ message: 'A link or a code is needed here.', path: ['rooms', 0, 'safe'] }],
    });
    const { data } = await send('{ rooms { id safe } }', headers);
    expect(data).toEqual({ rooms: [{ id: 'a room', safe: 42 }] });
  });

  it('[R-1] is stamped once where the app says so', async () => {
    const { send, invite, row } = await start([RoomsResolver, StampedSafeResolver], 'guards', 'interceptors');
    const { headers, uuid } = await invite();
    const { data } = await send('{ one: rooms { safe } other: rooms { safe } }', headers);
    const safes = Object.values(data as Record<string, { safe: unknown }[]>).map(([room]) => room!.safe);
    expect(new Set(safes)).toEqual(new Set([42, null]));
    expect((await row(uuid))!.usedAt).not.toBeNull();
  });
});
