// Everything that a source can load: imports, re-exports, dynamic imports, and the files that it
// names for a worker or child process.
import type { RepositoryFile } from '../support/repository-files.ts';
import { asNode, lineAt, type SyntaxNode, syntaxOf, walk } from '../support/syntax.ts';

/**
 * - `static`: loaded with the source
 * - `dynamic`: `import()`, `require()`
 * - `named`: `new URL('./x.ts', import.meta.url)`, `import.meta.resolve('x')`: loaded elsewhere
 * - `type`: gone when the source runs
 */
export type ImportKind = 'static' | 'dynamic' | 'named' | 'type';

export interface Import {
  readonly kind: ImportKind;
  /** undefined when it is computed, and so cannot be checked. */
  readonly specifier: string | undefined;
  readonly line: number;
}

export function importsOf(file: RepositoryFile): readonly Import[] {
  const found: Import[] = [];
  for (const { node } of walk(syntaxOf(file))) {
    const kind = kindOf(node);
    if (kind === undefined) continue;
    const specifier = literal(argumentOf(node));
    found.push({ kind, specifier, line: lineAt(file.text, node.start) });
  }
  return found;
}

function kindOf(node: SyntaxNode): ImportKind | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return node.importKind === 'type' ? 'type' : 'static';
    case 'ExportAllDeclaration':
      return node.exportKind === 'type' ? 'type' : 'static';
    case 'ExportNamedDeclaration':
      if (asNode(node.source) === undefined) return undefined;
      return node.exportKind === 'type' ? 'type' : 'static';
    case 'TSImportType':
      return 'type';
    case 'ImportExpression':
      return 'dynamic';
    case 'CallExpression':
      return kindOfCall(node);
    case 'NewExpression':
      return isModuleUrl(node) ? 'named' : undefined;
    default:
      return undefined;
  }
}

function kindOfCall(node: SyntaxNode): ImportKind | undefined {
  const callee = asNode(node.callee);
  if (callee?.type === 'Identifier' && callee.name === 'require') return 'dynamic';
  if (callee?.type !== 'MemberExpression') return undefined;
  const isResolve = asNode(callee.property)?.name === 'resolve';
  const object = asNode(callee.object);
  if (isResolve && object?.type === 'MetaProperty') return 'named';
  return isResolve && object?.name === 'require' ? 'named' : undefined;
}

/** `new URL(x, import.meta.url)` where x is a source; other files are data. */
function isModuleUrl(node: SyntaxNode): boolean {
  if (asNode(node.callee)?.name !== 'URL') return false;
  const base = asNode(argumentsOf(node)[1]);
  const path = literal(argumentsOf(node)[0]);
  return (
    base?.type === 'MemberExpression' &&
    asNode(base.object)?.type === 'MetaProperty' &&
    path !== undefined &&
    /\.(ts|tsx|mjs|js)$/.test(path)
  );
}

function argumentOf(node: SyntaxNode): unknown {
  const isCall = node.type === 'CallExpression' || node.type === 'NewExpression';
  return isCall ? argumentsOf(node)[0] : node.source;
}

function argumentsOf(node: SyntaxNode): readonly unknown[] {
  return Array.isArray(node.arguments) ? node.arguments : [];
}

function literal(value: unknown): string | undefined {
  const node = asNode(value);
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type !== 'TemplateLiteral' || !Array.isArray(node.quasis)) return undefined;
  const only = asNode(node.quasis[0])?.value;
  const whole = node.quasis.length === 1 && typeof only === 'object' && only !== null;
  return whole && 'cooked' in only && typeof only.cooked === 'string' ? only.cooked : undefined;
}
