import type { OpenAPIObject } from '@nestjs/swagger';

// Both majors of @nestjs/swagger export the type of the whole document alone. Types only: at run time it is not needed.

export type PathItem = OpenAPIObject['paths'][string];
export type Operation = NonNullable<PathItem['get']>;
export type Parameter = Exclude<NonNullable<Operation['parameters']>[number], Reference>;
export type RequestBody = Exclude<NonNullable<Operation['requestBody']>, Reference>;
export type Responses = Operation['responses'];
export type Components = NonNullable<OpenAPIObject['components']>;
export type Schema = NonNullable<Components['schemas']>[string];

export interface Reference {
  $ref: string;
}
