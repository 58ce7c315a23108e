// Finds the parts of our own pages by their id; a page without one of its parts is broken.
import { HandrailError } from '@handrail/core/errors';

export function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found) return found;
  throw new HandrailError('internal', `This page has no ${id}.`);
}
