import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { StatusWatch } from '../../../lib/invitations/stamps/status-watch.js';

const newResponse = () => new ServerResponse(new IncomingMessage(new Socket()));

/** A response whose status another library watches. */
function watched(configurable: boolean) {
  const response = newResponse();
  const seen: number[] = [];
  let status = 200;
  const set = (next: number) => void seen.push((status = next));
  Object.defineProperty(response, 'statusCode', { configurable, enumerable: true, get: () => status, set });
  return { response, seen };
}

it('[A-1] counts the statuses that the handler sets, and not those that others set', async () => {
  const response = newResponse();
  const watch = new StatusWatch(response);
  const handler = watch.run(async () => {
    await Promise.resolve();
    response.statusCode = 422;
    await Promise.resolve();
  });
  response.statusCode = 503;
  await handler;
  expect(watch.status).toBe(422);
  watch.stop();
  expect(Object.getOwnPropertyDescriptor(response, 'statusCode')).toEqual({
    value: 422,
    writable: true,
    enumerable: true,
    configurable: true,
  });
});

it('[A-1] leaves a response that nobody has set a status of as it was', () => {
  const response = newResponse();
  new StatusWatch(response).stop();
  expect(response.statusCode).toBe(200);
});

it('[A-1] lets another library see the statuses, and leaves it its property', () => {
  const { response, seen } = watched(true);
  const before = Object.getOwnPropertyDescriptor(response, 'statusCode');
  const watch = new StatusWatch(response);
  watch.run(() => (response.statusCode = 422));
  watch.stop();
  response.statusCode = 200;
  expect([watch.status, ...seen]).toEqual([422, 422, 200]);
  expect(Object.getOwnPropertyDescriptor(response, 'statusCode')).toEqual(before);
});

it('[A-1] does without where another library has made the status its own for good', () => {
  const { response, seen } = watched(false);
  const watch = new StatusWatch(response);
  watch.run(() => (response.statusCode = 422));
  watch.stop();
  expect([watch.status, ...seen]).toEqual([undefined, 422]);
});

it('[A-13] stands below a later watch, whichever ends first', () => {
  const response = newResponse();
  const [first, second] = [new StatusWatch(response), new StatusWatch(response)];
  second.run(() => (response.statusCode = 404));
  first.stop();
  second.run(() => (response.statusCode = 422));
  second.stop();
  expect([first.status, second.status, response.statusCode]).toEqual([undefined, 422, 422]);
});
