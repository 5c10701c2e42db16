import { TerminusModule } from '@nestjs/terminus';
import { Ticket } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { captureLog } from '../invitations/captured-log.js';
import { eachAdapter, request } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';

eachAdapter('The health check', (adapter) => {
  it('says whether the office is ready; why it is not is in the log alone', async () => {
    const { HealthController, TicketHealth } = await import('./health.controller.js');
    const { app, dataSource } = await startApp(adapter, anyDatabase, {
      controllers: [HealthController],
      imports: [TerminusModule.forRoot({ logger: false })],
      providers: [TicketHealth],
    });
    const ready = async () => {
      const { status, body } = await request(app).get('/health/ready');
      return [status, (body as { details: object }).details];
    };
    expect(await ready()).toEqual([200, { tickets: { status: 'up' } }]);
    const log = captureLog();
    await dataSource.query(`DROP TABLE ${dataSource.getMetadata(Ticket).tableName}`);
    expect(await ready()).toEqual([503, { tickets: { status: 'down' } }]);
    expect(log.map(({ text }) => text)).toContain('The ticket office is not ready');
  });
});
