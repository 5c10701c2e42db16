import type { ExecutionContext } from '@nestjs/common';

/** Stands for a request: the data of a message, with its fields `uuid` and `password`. */
export function messageRequest(context: ExecutionContext): object {
  const isSocket = context.getType() === 'ws';
  const data: unknown = isSocket ? context.switchToWs().getData() : context.switchToRpc().getData();
  return { headers: {}, body: data };
}
