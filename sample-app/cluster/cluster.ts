import { once } from 'node:events';
import type { Server } from 'node:http';
import { Logger } from '@nestjs/common';
import { configuration } from '../configuration.js';
import { Child } from './child.js';
import { type ClusterDatabase, createDatabase } from './database.js';
import { roundRobinProxy } from './round-robin.proxy.js';

type Node = Child<{ port: number }>;

const NODES = 2;
const logger = new Logger('Cluster');

/** The museum as several processes on one database, behind one address. */
export class Cluster {
  private isClosing = false;

  private constructor(
    private readonly database: ClusterDatabase,
    private readonly nodes: readonly Node[],
    private readonly proxy: Server,
  ) {}

  /** Starts all of it; what has started is stopped again when a part does not. */
  static async open(): Promise<Cluster> {
    const database = await createDatabase();
    logger.log(`Database: ${database.place}; it is dropped at the end`);
    // All at once, as a deployment starts them.
    const starts = await Promise.allSettled(Array.from({ length: NODES }, () => startNode(database)));
    const nodes = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const ports = () => nodes.filter(({ isRunning }) => isRunning).map(({ ready }) => ready.port);
    const cluster = new Cluster(database, nodes, roundRobinProxy(ports));
    try {
      if (nodes.length < NODES) throw new Error('A node has not started; its log says why');
      await cluster.listen();
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  /** Ends the nodes when their handlers have ended, then drops the database. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.nodes.map((node) => node.stop()));
    this.proxy.close();
    this.proxy.closeAllConnections();
    await this.database.close();
    logger.log('Closed, and the database dropped');
  }

  private async listen(): Promise<void> {
    for (const [index, node] of this.nodes.entries()) {
      logger.log(`Node ${index + 1}: process ${node.pid}, http://127.0.0.1:${node.ready.port}`);
      node.onEnd(() => this.isClosing || logger.warn(`Node ${index + 1} has ended`));
    }
    this.proxy.listen(configuration.port, configuration.host);
    await once(this.proxy, 'listening');
    logger.log(
      `The Louvre is open at ${configuration.baseUrl}; the header X-Node says which node has answered`,
    );
  }
}

const startNode = (database: ClusterDatabase): Promise<Node> =>
  Child.start('node.process', {
    DATABASE_URL: database.url,
    // One for all: what one node has issued the other verifies.
    TICKET_OFFICE_SECRET: configuration.secret,
    BASE_URL: configuration.baseUrl,
    TRUST_PROXY: process.env['TRUST_PROXY'] || 'loopback',
  });
