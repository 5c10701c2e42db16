import type { OpenAPIObject } from '@nestjs/swagger';
import { type Described } from './describe-app.js';

/** What makes a document invalid that @nestjs/swagger and documentTickets() have made; there is no whole validator here. */
export function faultsIn(document: OpenAPIObject): string[] {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Described>).map(([method, one]) => ({ path, method, one })),
  );
  const schemes = Object.keys(document.components?.securitySchemes ?? {});
  return [
    ...danglingReferences(document),
    ...operations.flatMap(({ path, method, one }) =>
      faultsOf(path, one, schemes).map((fault) => `${method} ${path}: ${fault}`),
    ),
  ];
}

function danglingReferences(document: OpenAPIObject): string[] {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!);
  return references.filter((ref) => {
    const steps = ref.split('/').slice(1);
    return steps.reduce<unknown>((value, step) => Object(value)[step], document) === undefined;
  });
}

function faultsOf(path: string, { parameters, responses, security = [] }: Described, schemes: string[]) {
  const names = parameters.map((one) => `${one.in} ${one.name}`);
  const inTemplate = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => `path ${name}`);
  const inPath = parameters.filter((one) => one.in === 'path');
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} twice`),
    ...inTemplate.filter((name) => !names.includes(name)).map((name) => `no ${name}`),
    ...inPath.filter(({ name }) => !inTemplate.includes(`path ${name}`)).map(({ name }) => `${name} nowhere`),
    ...inPath.filter(({ required }) => !required).map(({ name }) => `${name} may be missing`),
    ...parameters.filter(({ schema }) => !schema).map(({ name }) => `${name} without a schema`),
    ...Object.entries(responses).flatMap(([status, { description }]) =>
      typeof description === 'string' ? [] : [`${status} without a description`],
    ),
    ...security.flatMap((one) => Object.keys(one)).filter((name) => !schemes.includes(name)),
  ];
}
