// Every failure a person can meet has a stable code here, with its HTTP status (RFC 9457) and its
// exit code. Messages say what to do and never hold captured content.

const table = {
  // code: [HTTP status, exit code of the command line]
  'usage.invalid': [400, 2],
  'input.invalid': [400, 2],
  'input.too-large': [413, 2],
  'format.unknown': [400, 2],
  'format.truncated': [400, 2],
  'coordinate.out-of-range': [400, 2],
  'signature.invalid': [401, 1],
  'seal.broken': [400, 1],
  'ledger.unverified': [409, 1],
  'consent.stale': [409, 1],
  'programme.halted': [409, 1],
  'programme.draft': [409, 1],
  'programme.closed': [409, 1],
  'lease.stale': [409, 1],
  'access.denied': [403, 1],
  'not.found': [404, 1],
  'state.conflict': [409, 1],
  'keys.unknown': [409, 1],
  'keys.destroyed': [410, 1],
  'redaction.failed': [500, 3],
  'capture.unavailable': [503, 3],
  'storage.full': [507, 3],
  'storage.broken': [500, 3],
  'data.locked': [409, 3],
  'dependency.missing': [500, 2],
  'rate.limited': [429, 3],
  unreachable: [502, 3],
  timeout: [504, 3],
  internal: [500, 3],
} as const satisfies Record<string, readonly [number, 1 | 2 | 3]>;

export type ErrorCode = keyof typeof table;

/** A failure with a stable code. `message` is one line that says what to do. */
export class HandrailError extends Error {
  override readonly name = 'HandrailError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export function httpStatusOf(code: ErrorCode): number {
  return table[code][0];
}

export function exitCodeOf(error: unknown): 1 | 2 | 3 {
  return error instanceof HandrailError ? table[error.code][1] : 3;
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(table, value);
}
