// Sources as syntax trees (ESTree with TypeScript nodes), through the parser that vitest brings:
// TypeScript 7 has no programming interface for this.
import { parseAst } from 'vitest/node';
import type { RepositoryFile } from './repository-files.ts';

/** A syntax node: `type`, where it stands in the text, and its fields. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const parsed = new WeakMap<RepositoryFile, SyntaxNode>();

/** The tree of a source; throws with the file's name when it does not parse. */
export function syntaxOf(file: RepositoryFile): SyntaxNode {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  try {
    const tree = asNode(parseAst(file.text, { lang: languageOf(file.path) }));
    if (tree === undefined) throw new Error('no syntax tree');
    parsed.set(file, tree);
    return tree;
  } catch (cause) {
    throw new Error(`${file.path} does not parse`, { cause });
  }
}

function languageOf(path: string): 'ts' | 'tsx' | 'js' {
  if (path.endsWith('.tsx')) return 'tsx';
  return /\.m?ts$/.test(path) ? 'ts' : 'js';
}

/** A value as a node, if it is one. */
export function asNode(value: unknown): SyntaxNode | undefined {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
    ? (value as SyntaxNode)
    : undefined;
}

/** Every node below (and including) one, parents first, with the node that holds it. */
export function* walk(
  node: SyntaxNode,
  parent?: SyntaxNode,
): Generator<{ readonly node: SyntaxNode; readonly parent: SyntaxNode | undefined }> {
  yield { node, parent };
  for (const field of Object.values(node)) {
    for (const value of Array.isArray(field) ? field : [field]) {
      const child = asNode(value);
      if (child !== undefined) yield* walk(child, node);
    }
  }
}

/** The line of a place in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1))
    line++;
  return line;
}
