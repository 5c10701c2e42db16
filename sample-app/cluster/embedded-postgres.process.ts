import { startEmbeddedPostgres } from '../../test/support/embedded-postgres.js';

const server = await startEmbeddedPostgres();

process.once('disconnect', () => void server.stop().then(() => process.exit()));
process.send?.({ url: server.url });
