import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { vi } from 'vitest';

// Runs before each spec file. One process runs many of them, and what is of this project is loaded anew for each:
// only packages are kept, and with them what some of them have written down of the files before.
vi.resetModules();

// Left there, it would keep the copies of the library that those files have loaded, too, and each app would be searched
// for parts of all of them.
const written = globalThis as {
  typeormMetadataArgsStorage?: unknown;
  classValidatorMetadataStorage?: unknown;
};
delete written.typeormMetadataArgsStorage;
delete written.classValidatorMetadataStorage;
(await entitiesOfNest()).clear();
(Test as unknown as { metadataScanner: MetadataScanner }).metadataScanner = new MetadataScanner();

// An app without a logger turns off that of the whole process.
Logger.overrideLogger(new ConsoleLogger());

/** The entities that apps with `autoLoadEntities` load: all that were ever handed to a `forFeature()`. */
async function entitiesOfNest(): Promise<Map<unknown, unknown>> {
  const index = pathToFileURL(createRequire(import.meta.url).resolve('@nestjs/typeorm'));
  // Its version 12 has the index beside it, 11 one folder above.
  const storage = index.href.replace(/(?<=\/@nestjs\/typeorm\/).*/, 'dist/entities-metadata.storage.js');
  const { EntitiesMetadataStorage } = (await import(/* @vite-ignore */ storage)) as {
    EntitiesMetadataStorage: { storage: Map<unknown, unknown> };
  };
  return EntitiesMetadataStorage.storage;
}

// What fast-check tries depends on the seed alone.
const seed = process.env['TICKET_OFFICE_TEST_SEED'];
if (seed !== undefined) (await import('fast-check')).configureGlobal({ seed: Number(seed) });
