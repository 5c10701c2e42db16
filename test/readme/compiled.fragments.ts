import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { CodeBlock } from './code.blocks.js';

const here = fileURLToPath(new URL('./', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

export interface CompileError {
  readonly at: string;
  readonly message: string;
}

/** What a fragment may be a part of; each as a whole that can be compiled. */
const WHOLES: readonly ((code: string) => string)[] = [
  (statements) => statements,
  (members) => `class Fragment {\n${members}\n}`,
  (decorators) => `class Fragment {\n${decorators}\nfragment(): void {}\n}`,
  (decorators) => `${decorators}\nclass Fragment {}`,
  (options) => `TicketOfficeModule.forRoot({ secret,\n${options}\n});`,
  (metadata) => `@Module({\n${metadata}\n})\nclass Fragment {}`,
];

const { config } = ts.readConfigFile(`${root}tsconfig.json`, (file) => ts.sys.readFile(file)) as {
  config: object;
};
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
// An example may declare what it does not go on to use.
const compilerOptions = { ...options, noUnusedLocals: false, noUnusedParameters: false, incremental: false };

const parse = (code: string) => ts.createSourceFile('fragment.ts', code, ts.ScriptTarget.ES2023, true);
const isWellFormed = (code: string) =>
  ts.transpileModule(code, { reportDiagnostics: true, compilerOptions: { experimentalDecorators: true } })
    .diagnostics!.length === 0;

/** The identifiers of a piece of code, and those of them that it declares. */
function namesIn(code: string): { used: Set<string>; declared: Set<string> } {
  const [used, declared] = [new Set<string>(), new Set<string>()];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    const { name } = node as ts.NamedDeclaration;
    if ((ts.isVariableDeclaration(node) || ts.isClassDeclaration(node) || ts.isBindingElement(node)) && name)
      if (ts.isIdentifier(name)) declared.add(name.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(code));
  return { used, declared };
}

/** A module of the code, which imports what it uses of fragment.scope.ts, and does not declare. */
function moduleOf(code: string, scope: ReadonlySet<string>): string {
  const { used, declared } = namesIn(code);
  const names = [...used].filter((name) => scope.has(name) && !declared.has(name));
  return `import 'reflect-metadata'; import { ${names.join(', ')} } from './fragment.scope.js'; export {};\n${code}`;
}

const SCOPE = `${here}fragment.scope.ts`;

function compile(files: ReadonlyMap<string, string>, oldProgram?: ts.Program): ts.Program {
  const real = ts.createCompilerHost(compilerOptions);
  const sourceOf = (file: string, ...rest: [ts.CreateSourceFileOptions | ts.ScriptTarget]) =>
    files.has(file)
      ? ts.createSourceFile(file, files.get(file)!, ...rest)
      : (oldProgram?.getSourceFile(file) ?? real.getSourceFile(file, ...rest));
  const host: ts.CompilerHost = {
    ...real,
    fileExists: (file) => files.has(file) || real.fileExists(file),
    readFile: (file) => files.get(file) ?? real.readFile(file),
    getSourceFile: (file, languageVersion) => sourceOf(file, languageVersion),
  };
  return ts.createProgram([...files.keys(), SCOPE], compilerOptions, host, oldProgram);
}

/** What TypeScript says of each block that does not compile, as a whole or as a part of one. */
export function compileErrors(blocks: readonly CodeBlock[]): CompileError[] {
  const empty = compile(new Map());
  const scopeModule = empty.getTypeChecker().getSymbolAtLocation(empty.getSourceFile(SCOPE)!)!;
  const scope = new Set(
    empty
      .getTypeChecker()
      .getExportsOfModule(scopeModule)
      .map(({ name }) => name),
  );

  const candidates = blocks.map(({ code }, index) =>
    WHOLES.map((whole) => whole(code))
      .filter(isWellFormed)
      .map((text, kind) => [`${here}fragment-${index}-${kind}.ts`, moduleOf(text, scope)] as const),
  );
  const program = compile(new Map(candidates.flat()), empty);
  return blocks.flatMap(({ at }, index) => {
    const errors = candidates[index]!.map(([file]) =>
      ts.getPreEmitDiagnostics(program, program.getSourceFile(file)),
    );
    if (errors.some(({ length }) => length === 0)) return [];
    const [first] = errors[0] ?? [];
    const message = first ? ts.flattenDiagnosticMessageText(first.messageText, ' ') : 'is no TypeScript';
    return [{ at, message }];
  });
}
