import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentTickets } from 'nestjs-ticketoffice/swagger';
import { adapterNamed } from '../support/adapters.js';
import { anyDatabase, type MuseumParts, startApp } from '../support/app.js';

/** What is said of the JSON of an answer. */
interface Media {
  schema: object;
  examples: Record<string, { value: { message: string } }>;
}

/** An operation, as far as tests look at it. */
export interface Described {
  description?: string;
  security?: Record<string, string[]>[];
  parameters: { name: string; in: string; required?: boolean; description?: string; schema?: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; headers?: object; content?: Record<string, Media> }>;
}

type Options = Parameters<typeof SwaggerModule.createDocument>[2];
type Config = Omit<OpenAPIObject, 'paths'>;

export const undocumented = (app: INestApplication, options?: Options, config?: Config): OpenAPIObject =>
  SwaggerModule.createDocument(app, config ?? new DocumentBuilder().build(), options);

/** Starts an app, and returns it beside the document with its tickets. */
export async function describeApp(
  parts: MuseumParts,
  { document: options, config }: { document?: Options; config?: Config } = {},
) {
  const museum = await startApp(adapterNamed('Express'), anyDatabase, parts);
  const document = documentTickets(museum.app, undocumented(museum.app, options, config));
  return { ...museum, document, at: (path: string, method = 'get') => at(document, path, method) };
}

/** An operation of a document. */
export const at = (document: OpenAPIObject, path: string, method = 'get'): Described =>
  (document.paths[path] as Record<string, unknown> | undefined)?.[method] as Described;

/** The operations that require a ticket: `get /louvre`. */
export const guardedIn = ({ paths }: OpenAPIObject): string[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Described>)
      .filter(([, { security = [] }]) => security.some((one) => 'ticket' in one))
      .map(([method]) => `${method} ${path}`),
  );
