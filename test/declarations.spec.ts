import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesIn, root } from './support/built-package.js';
import { temporaryFolder } from './support/temporary-folder.js';

const { dependencies, peerDependencies, devDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as Record<'dependencies' | 'peerDependencies' | 'devDependencies', Record<string, string>>;

/** The package that a module belongs to: `typeorm` for `typeorm/metadata/ColumnMetadata.js`. */
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const typesOf = (name: string) => `@types/${name.replace(/^@(.+)\//, '$1__')}`;

describe('The declarations of a build', () => {
  it.each(['esm', 'cjs'])('import what an app with the library has: dist/%s', (format) => {
    const imported = filesIn(`dist/${format}`)
      .filter((file) => file.endsWith('.d.ts'))
      .flatMap((file) => {
        const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(
          readFileSync(join(root, 'dist', format, file), 'utf8'),
        );
        return [...importedFiles, ...typeReferenceDirectives].map(({ fileName }) => fileName);
      });
    const packages = new Set(imported.filter((specifier) => !specifier.startsWith('.')).map(packageOf));
    expect(packages).toContain('typeorm');
    // Nest's own declarations need @types/node as well.
    const builtin = builtinModules.map((name) => `node:${name}`);
    const installed = Object.keys({ ...dependencies, ...peerDependencies });
    expect([...packages].filter((name) => ![...installed, ...builtin].includes(name))).toEqual([]);
    expect([...packages].filter((name) => typesOf(name) in devDependencies)).toEqual([]);
  });
});

const CONSUMER = `
  import { Controller, Get, Module, UseInterceptors } from '@nestjs/common';
  import {
    Invitation, InvitationGuard, InvitationManager, InvitationRequired, StampInTransaction, StampInvitation, Ticket,
    TicketError, TicketOfficeModule, ticketOfficeMigrations, TicketService,
    type IssuedTicket, type TicketEvent, type TicketOfficeOptions, type Visit,
  } from 'nestjs-ticketoffice';
  import type { EntityManager } from 'typeorm';

  @Controller()
  export class LouvreController {
    @Get('louvre')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInvitation)
    visit(@Invitation() ticket: Ticket<{ firstName: string }>): string {
      return ticket.data.firstName;
    }

    @Get('shop')
    @InvitationRequired('louvre', 'shop')
    @UseInterceptors(StampInTransaction)
    shop(@InvitationManager() manager: EntityManager): Promise<Ticket | null> {
      return manager.findOneBy(Ticket, { place: 'louvre' });
    }
  }

  export class Guard extends InvitationGuard {
    protected override asksToConfirm(visit: Visit): boolean {
      return visit.request.method === 'GET' && super.asksToConfirm(visit);
    }
  }

  const options: TicketOfficeOptions = { secret: 'x'.repeat(32), guest: (ticket) => ({ id: ticket.subject }) };

  @Module({
    imports: [TicketOfficeModule.forRoot({ ...options, isGlobal: true }), TicketOfficeModule.forRootAsync({ useFactory: () => options })],
    controllers: [LouvreController],
  })
  export class AppModule {}

  export async function use(tickets: TicketService): Promise<IssuedTicket> {
    const events: TicketEvent[] = [];
    tickets.events$.subscribe((event) => events.push(event));
    const issued = await tickets.issue({ place: 'louvre', purpose: 'visit', data: { firstName: 'Ada' }, expiresIn: '5d' });
    await tickets.redeem(issued.credentials, 'louvre', 'visit', async (ticket, manager) => manager.findOneBy(Ticket, { uuid: ticket.uuid }))
      .catch((error: unknown) => error instanceof TicketError && error.code === 'TICKET_USED');
    return issued;
  }

  export const migrations = ticketOfficeMigrations;
  // @ts-expect-error a ticket is for a place
  export const faulty = (tickets: TicketService) => tickets.issue({ purpose: 'visit' });
`;

const { ModuleKind: Module, ModuleResolutionKind: Resolution } = ts;

describe('An app with strict settings that checks its libraries, too', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder('consumer');
    mkdirSync(join(folder, 'node_modules'));
    for (const name of ['@nestjs', '@types', 'typeorm', 'rxjs', 'reflect-metadata'])
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    symlinkSync(root, join(folder, 'node_modules/nestjs-ticketoffice'));
    for (const name of ['consumer.mts', 'consumer.cts', 'consumer.ts'])
      writeFileSync(join(folder, name), CONSUMER);
  });

  // Nest 12 consists of ES modules, which CommonJS of the settings node16 and node18 cannot import.
  it.each([
    ['nodenext', ['consumer.mts', 'consumer.cts'], { module: Module.NodeNext }],
    ['node18', ['consumer.mts'], { module: Module.Node18 }],
    ['esnext and bundler', ['consumer.ts'], { module: Module.ESNext, moduleResolution: Resolution.Bundler }],
    [
      'commonjs and node10',
      ['consumer.ts'],
      { module: Module.CommonJS, moduleResolution: Resolution.Node10, ignoreDeprecations: '6.0' },
    ],
  ])(
    'compiles: %s',
    (_, files, options: ts.CompilerOptions) => {
      const program = ts.createProgram(
        files.map((file) => join(folder, file)),
        {
          target: ts.ScriptTarget.ES2022,
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          noPropertyAccessFromIndexSignature: true,
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
          skipLibCheck: false,
          noEmit: true,
          types: ['node'],
          typeRoots: [join(folder, 'node_modules/@types')],
          ...options,
        },
      );
      // Other libraries have errors of their own, such as TypeORM's drivers that are not installed.
      const own = program
        .getSourceFiles()
        .filter(({ fileName }) => fileName.startsWith(folder) || fileName.startsWith(join(root, 'dist')));
      expect(own.length).toBeGreaterThan(files.length);
      const problems = own.flatMap((file) => ts.getPreEmitDiagnostics(program, file));
      expect(program.getOptionsDiagnostics()).toEqual([]);
      expect(problems.map(({ messageText, file }) => [file?.fileName, messageText])).toEqual([]);
    },
    180_000,
  );
});
