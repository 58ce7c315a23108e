// What reads text in pictures on this machine, and what it may use up. The keeper chooses; a worker
// gets it with its task.

export type OcrSettings =
  | OcrProgram
  /** The package tesseract.js, in a thread. */
  | { readonly kind: 'packaged' }
  | { readonly kind: 'none' };

/** Debian's tesseract, in processes of its own. */
export interface OcrProgram {
  readonly kind: 'program';
  readonly path: string;
  /** The program that bounds memory, `prlimit`, where the system has it. */
  readonly limiter?: string;
  readonly limits?: Partial<OcrLimits>;
}

export interface OcrLimits {
  readonly processes: number;
  /** For one batch of pages. */
  readonly seconds: number;
  readonly memoryMib: number;
  readonly outputBytes: number;
}

export const ocrLimits: OcrLimits = {
  processes: 2,
  seconds: 60,
  memoryMib: 768,
  outputBytes: 16 * 1024 * 1024,
};
