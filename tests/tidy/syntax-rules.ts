// Constructs that the house does without: each hides a type, a name or a setting from the reader.
import { asNode, lineAt, type SyntaxNode, syntaxOf, walk } from '../support/syntax.ts';
import { type Rule, violation } from './violation.ts';

function forbidNodes(problem: string, matches: (node: SyntaxNode) => boolean): Rule {
  return (file) =>
    [...walk(syntaxOf(file))]
      .filter(({ node }) => matches(node))
      .map(({ node }) => violation(file, lineAt(file.text, node.start), problem));
}

export const noAny = forbidNodes('any', (node) => node.type === 'TSAnyKeyword');

export const noEnums = forbidNodes('enum', (node) => node.type === 'TSEnumDeclaration');

const defaultExports = forbidNodes('default export', (node) => {
  if (node.type === 'ExportDefaultDeclaration') return true;
  return node.type === 'ExportSpecifier' && asNode(node.exported)?.name === 'default';
});

/** Tools demand a default export from their configuration files and entry points. */
export const namedExports: Rule = (file) =>
  /\.config\.(ts|mjs)$|\/src\/entrypoints\//.test(file.path) ? [] : defaultExports(file);

const environment = forbidNodes('process.env outside config and secrets', (node) => {
  if (node.type !== 'MemberExpression') return false;
  const object = asNode(node.object);
  const property = asNode(node.property);
  return object?.name === 'process' && (property?.name === 'env' || property?.value === 'env');
});

const environmentReaders = [
  /(^|\/)(config|secrets)\.(ts|js)$/,
  /\.test\.tsx?$/,
  /^scripts\//,
  /^packages\/testbed\//,
  /^[a-z]+\.config\.ts$/,
];

export const environmentOnlyInConfig: Rule = (file) =>
  environmentReaders.some((allowed) => allowed.test(file.path)) ? [] : environment(file);
