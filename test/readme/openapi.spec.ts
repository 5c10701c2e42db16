import type { OpenAPIObject } from '@nestjs/swagger';
import { expect, it } from 'vitest';
import { eachAdapter, request } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';

eachAdapter('The description of the API', (adapter) => {
  it('says of each route whether it needs a ticket', async () => {
    const { describeApi } = await import('./api.description.js');
    const { MuseumController } = await import('./museum.controller.js');
    const { app } = await startApp(adapter, anyDatabase, {
      controllers: [MuseumController],
      before: describeApi,
    });
    const { paths } = (await request(app).get('/api-json')).body as OpenAPIObject;
    expect(paths['/louvre']!.get!.security).toEqual([{ ticket: [] }]);
    expect(paths['/invitations']!.post!.security).toBeUndefined();
    expect((await request(app).get('/api')).text).toContain('swagger-ui');
  });
});
