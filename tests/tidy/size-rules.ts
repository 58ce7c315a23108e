// Files, functions and lines stay short enough to be read at once.
import { lineAt, type SyntaxNode, syntaxOf, walk } from '../support/syntax.ts';
import { eachLine, type Rule, violation } from './violation.ts';

const fileLinesMax = 400;
const functionLinesMax = 70;
const columnsMax = 100;

export const shortFiles: Rule = (file) => {
  const lines = file.text.replace(/\n$/, '').split('\n').length;
  return lines > fileLinesMax
    ? [violation(file, fileLinesMax + 1, `${lines} lines, at most ${fileLinesMax}`)]
    : [];
};

/** A `describe` block is a chapter of tests, not a function: its tests are measured instead. */
export const shortFunctions: Rule = (file) => {
  const found = [];
  for (const { node, parent } of walk(syntaxOf(file))) {
    if (!isFunction(node) || (parent !== undefined && isDescribe(parent, file.text))) continue;
    const first = lineAt(file.text, node.start);
    const lines = lineAt(file.text, node.end) - first + 1;
    if (lines > functionLinesMax)
      found.push(violation(file, first, `function of ${lines} lines, at most ${functionLinesMax}`));
  }
  return found;
};

function isFunction(node: SyntaxNode): boolean {
  return ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(
    node.type,
  );
}

function isDescribe(node: SyntaxNode, text: string): boolean {
  const called = text.slice(node.start, node.end);
  return node.type === 'CallExpression' && /^describe(With)?\b/.test(called);
}

/** A line may be longer where it cannot be broken: it holds an address, or is one pattern. */
export const narrowLines: Rule = (file) =>
  eachLine(file, (line) =>
    [...line].length > columnsMax && !line.includes('://') && !isOnePattern(line)
      ? `${[...line].length} columns, at most ${columnsMax}`
      : undefined,
  );

function isOnePattern(line: string): boolean {
  return /^\/[^/*].*\/[a-z]*[,;)]*$/.test(line.trim());
}
