import { Readable } from 'node:stream';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, type ExecutionContext, type Type, UseInterceptors } from '@nestjs/common';
import { Args, GraphQLModule, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  Ticket,
  TicketService,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { authorization, ask } from '../invitations/ask.js';
import { graphqlRequest } from '../readme/graphql.request.js';
import type { TestAdapter } from '../support/adapters.js';
import { Ledger, type Museum, type MuseumParts, startApp } from '../support/app.js';
import type { TestDatabase } from '../support/databases.js';

const getRequest = graphqlRequest;

/** The credentials of another ticket, in a header of their own. */
const getOtherRequest = (context: ExecutionContext) => {
  const { headers } = graphqlRequest(context) as { headers: Record<string, string> };
  return { headers: { authorization: headers['x-authorization'] } };
};

@Resolver()
export class LouvreResolver {
  constructor(private readonly ledger: Ledger) {}

  @Query(() => String)
  open() {
    return 'Welcome';
  }

  @Query(() => String, { nullable: true })
  @InvitationRequired('louvre', 'visit')
  closed() {
    this.ledger.note('closed');
    return 'Welcome';
  }

  @Mutation(() => String, { nullable: true })
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  enterClosed() {
    this.ledger.note('closed');
    return 'Welcome';
  }

  @Query(() => String, { nullable: true })
  @InvitationRequired('louvre', 'visit', { getRequest })
  look(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }

  @Query(() => String, { nullable: true })
  @InvitationRequired('orsay', 'visit', { getRequest: getOtherRequest })
  orsay(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }

  @Mutation(() => String, { nullable: true })
  @InvitationRequired('louvre', 'visit', { getRequest })
  @UseInterceptors(StampInvitation)
  enter(@Invitation() ticket: Ticket, @Args('visitor') visitor: string) {
    this.ledger.note(visitor);
    if (visitor === 'faint') throw new Error('a visitor fainted');
    return ticket.uuid;
  }

  @Query(() => String, { nullable: true })
  @InvitationRequired('louvre', 'visit', { getRequest })
  @UseInterceptors(StampInvitation)
  enterByQuery() {
    this.ledger.note('by query');
    return 'Welcome';
  }

  @Mutation(() => Boolean, { nullable: true })
  @InvitationRequired('louvre', 'visit', { getRequest })
  @UseInterceptors(StampInTransaction)
  async write(@InvitationManager() manager: EntityManager, @Args('visitor') visitor: string) {
    this.ledger.note(visitor);
    await manager.query(`INSERT INTO visitors (name) VALUES ('${visitor.replaceAll("'", '')}')`);
    if (visitor === 'faint') throw new Error('a visitor fainted');
    return manager.queryRunner!.isTransactionActive;
  }
}

const NEWS = { news: 'The Louvre is open', closedNews: 'The Louvre is open' };

@Resolver()
export class NewsResolver {
  constructor(
    private readonly ledger: Ledger,
    private readonly tickets: TicketService,
  ) {}

  @Subscription(() => String)
  @InvitationRequired('louvre', 'visit')
  closedNews() {
    this.ledger.note('told');
    return Readable.from([NEWS]);
  }

  @Subscription(() => String)
  @InvitationRequired('louvre', 'visit', { getRequest })
  async *news(@Invitation() ticket: Ticket) {
    this.ledger.note('told');
    yield NEWS;
    await this.tickets.revoke(ticket.uuid);
    yield NEWS;
  }
}

type Driver = (settings?: object) => DynamicModule;

/** Each of the two drivers, on the platform that it is for. */
export const graphql: Record<TestAdapter['name'], Driver> = {
  Express: (settings) =>
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      graphiql: false,
      allowBatchedHttpRequests: true,
      subscriptions: { 'graphql-ws': true },
      ...settings,
    }),
  Fastify: (settings) =>
    GraphQLModule.forRoot<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      autoSchemaFile: true,
      allowBatchedQueries: true,
      subscription: true,
      ...settings,
    }),
};

/** The name of each driver, for titles. */
export const driverOf = ({ name }: TestAdapter): string => (name === 'Express' ? 'Apollo' : 'Mercurius');

export interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly string[];
    readonly extensions?: Record<string, unknown>;
  }[];
}

type Send = <T extends string | readonly string[]>(
  operation: T,
  headers?: Record<string, string>,
) => Promise<T extends string ? GraphqlAnswer : GraphqlAnswer[]>;

export interface GraphqlMuseum extends Museum {
  /** Sends one operation, or a batch of them. */
  send: Send;
  /** A ticket for the Louvre, and the header that shows it. */
  invite: (place?: string) => Promise<{ uuid: string; headers: { Authorization: string } }>;
}

/** An app with a GraphQL server, its schema made of the code of these resolvers. */
export async function startGraphql(
  adapter: TestAdapter,
  database: Pick<TestDatabase, 'options'>,
  resolvers: Type[],
  { settings, ...parts }: Partial<MuseumParts> & { settings?: object } = {},
): Promise<GraphqlMuseum> {
  const { providers = [], imports = [], controllers = [], ...others } = parts;
  const museum = await startApp(adapter, database, {
    ...others,
    controllers,
    providers: [...resolvers, ...providers],
    imports: [graphql[adapter.name](settings), ...imports],
  });
  const send = async (operation: string | readonly string[], headers = {}) => {
    const body = JSON.stringify(
      typeof operation === 'string' ? { query: operation } : operation.map((query) => ({ query })),
    );
    const sent = { 'Content-Type': 'application/json', ...headers };
    const answer = await ask(museum.app, '/graphql', { method: 'POST', headers: sent, body });
    return JSON.parse(answer.body) as never;
  };
  return {
    ...museum,
    send,
    async invite(place = 'louvre') {
      const { credentials } = await museum.tickets.issue({ place, purpose: 'visit' });
      return { uuid: credentials.uuid, headers: authorization(credentials) };
    },
  };
}
