// What this machine reads the text in frames with: the tesseract program where there is one, else
// the package that comes along. Named once, when the vault starts.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { OcrSettings } from '../../worker/ocr/settings.ts';

const places = ['/usr/bin/tesseract', '/usr/local/bin/tesseract'];
const limiter = '/usr/bin/prlimit';
const packaged = ['tesseract.js', '@tesseract.js-data/eng/package.json'];

/** `named`: the program that the settings name, and nothing else then. */
export async function findOcr(named: string | undefined): Promise<OcrSettings> {
  for (const path of named === undefined ? places : [named]) {
    if (await isProgram(path)) return { kind: 'program', path, ...(await limited()) };
  }
  return named === undefined && hasPackage() ? { kind: 'packaged' } : { kind: 'none' };
}

/** For the log. */
export function ocrSays(ocr: OcrSettings): string {
  if (ocr.kind === 'program') return 'tesseract';
  if (ocr.kind === 'packaged') return 'tesseract.js, slowly: install tesseract-ocr';
  return 'nothing: frames with anything to read go into quarantine, install tesseract-ocr';
}

async function limited(): Promise<{ readonly limiter?: string }> {
  return (await isProgram(limiter)) ? { limiter } : {};
}

function hasPackage(): boolean {
  const { resolve } = createRequire(import.meta.url);
  try {
    return packaged.every((name) => resolve(name) !== '');
  } catch {
    return false;
  }
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
