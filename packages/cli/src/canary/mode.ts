// How much of a context a recording keeps; the words are those of the capture manifest.
export const modes = ['full', 'vocabulary', 'skeleton'] as const;
export type Mode = (typeof modes)[number];
