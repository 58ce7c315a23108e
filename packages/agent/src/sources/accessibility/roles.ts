// AT-SPI's numbers and words for roles and states (at-spi2-core, atspi-constants.h), and what they
// mean here.
import type { RoleClass } from '@handrail/core/observation';

export const state = { active: 1, editable: 7, focused: 12, showing: 25 } as const;

export const documentWebRole = 95;

/** They hold other objects: their names label them and are not drawn. */
const containerRoles = new Set([
  'document web',
  'filler',
  'form',
  'frame',
  'grouping',
  'landmark',
  'panel',
  'paragraph',
  'scroll pane',
  'section',
  'split pane',
  'tool bar',
  'viewport',
  'window',
]);

export function isContainer(roleName: string): boolean {
  return containerRoles.has(roleName);
}

const imageRoles: ReadonlySet<string> = new Set([
  'animation',
  'canvas',
  'embedded',
  'figure',
  'icon',
  'image',
  'image map',
  'video',
]);

/** They may show any text, and their names need not say it. */
export function isImage(roleName: string): boolean {
  return imageRoles.has(roleName);
}

const textRoles = ['entry', 'text', 'spin button', 'editbar', 'autocomplete'];

export function roleClassOf(roleName: string, editable: boolean): RoleClass {
  if (roleName === 'password text') return 'password';
  if (roleName === 'terminal') return 'terminal';
  if (editable || textRoles.includes(roleName)) return 'text';
  if (roleName.startsWith('document')) return 'document';
  return 'other';
}

/** The two words of a state set, or as many of a role set, with these bits. */
export function bitSet(bits: readonly number[], words: number): number[] {
  const set = new Array<number>(words).fill(0);
  for (const bit of bits) {
    const word = bit >> 5;
    set[word] = (set[word] ?? 0) | (1 << (bit & 31));
  }
  return set;
}

export function hasState(states: unknown, bit: number): boolean {
  const word: unknown = Array.isArray(states) ? states[bit >> 5] : undefined;
  return typeof word === 'number' && ((word >>> (bit & 31)) & 1) === 1;
}
