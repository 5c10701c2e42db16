import { HttpStatus, type Type, UnprocessableEntityException, ValidationPipe } from '@nestjs/common';
import { TicketInputError } from 'nestjs-ticketoffice';
import { FormError } from './form.error.js';

const pipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  errorHttpStatusCode: HttpStatus.UNPROCESSABLE_ENTITY,
});

/** The library's faults are for developers; the forms have already checked what people are likely to get wrong. */
const NOT_ACCEPTED = 'The ticket office cannot accept this. Choose another name, or another password.';

/**
 * A posted form as an instance of its class.
 * @throws UnprocessableEntityException with a sentence for each fault
 */
export async function readForm<T extends object>(type: Type<T>, body: unknown): Promise<T> {
  return pipe.transform(body ?? {}, { type: 'body', metatype: type });
}

/** Turns an error about what was typed into a form to fill in again; returns any other error as it is. */
export function asFormError(error: unknown, view: string, locals: Record<string, unknown>): unknown {
  const faults = faultsOf(error);
  return faults ? new FormError(view, { ...locals, faults }) : error;
}

function faultsOf(error: unknown): string[] | undefined {
  if (error instanceof TicketInputError) return [NOT_ACCEPTED];
  if (!(error instanceof UnprocessableEntityException)) return undefined;
  const { message } = error.getResponse() as { message: string | string[] };
  return [message].flat();
}
