import { expect, it } from 'vitest';
import { eachAdapter, request } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { DoorController } from './door.controller.js';

eachAdapter('The door with a code', (adapter) => {
  it('opens to a typed code, once', async () => {
    const { app } = await startApp(adapter, anyDatabase, { controllers: [DoorController] });
    const { page, code } = (await request(app).post('/door/codes')).body as Record<'page' | 'code', string>;
    expect(code).toMatch(/^\d{8}$/);
    const form = await request(app).get(page);
    const [, uuid] = /name="uuid" value="([^"]+)"/.exec(form.text)!;
    const type = (password: string) => request(app).post('/door').type('form').send({ uuid, password });
    expect((await type('nothing')).body.errorCode).toBe('TICKET_INVALID');
    expect((await type(code)).text).toBe('The door is open.');
    expect((await type(code)).body.errorCode).toBe('TICKET_USED');
  });
});
