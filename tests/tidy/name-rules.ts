// A file is named after the one idea in it, in kebab-case.
import { basename } from 'node:path/posix';
import { type Rule, violation } from './violation.ts';

const vagueNames = ['util', 'utils', 'helper', 'helpers', 'manager', 'service', 'types'];

export const kebabCaseNames: Rule = (file) => {
  const wrong = file.path.split('/').filter((part) => !/^\.?[a-z0-9]+([-.][a-z0-9]+)*$/.test(part));
  return wrong.length > 0 ? [violation(file, 1, `"${wrong[0]}" is not kebab-case`)] : [];
};

export const tellingNames: Rule = (file) => {
  const stem = stemOf(file.path);
  const vague = vagueNames.find((name) => stem === name || stem.endsWith(`-${name}`));
  return vague === undefined ? [] : [violation(file, 1, `"${vague}" says nothing: name the idea`)];
};

/** An index is a package's face: only the folders that core publishes as subpaths have one. */
export const indexFilesOnlyAtFaces: Rule = (file) =>
  stemOf(file.path) === 'index' && !/^packages\/core\/src\/.+\/index\.ts$/.test(file.path)
    ? [violation(file, 1, 'index file outside the faces of core')]
    : [];

function stemOf(path: string): string {
  return basename(path).split('.')[0] ?? '';
}
