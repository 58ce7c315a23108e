// Every refusal over HTTP is a problem document (RFC 9457) with our stable code.
import { z } from 'zod';
import { type ErrorCode, HandrailError, httpStatusOf, isErrorCode } from '../errors/index.ts';

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

export function problemOf(error: HandrailError): Problem {
  const status = httpStatusOf(error.code);
  return { type: `urn:handrail:${error.code}`, title: error.message, status, code: error.code };
}

/** The error that a problem document stands for; anything unreadable is `unreachable`. */
export function errorOfProblem(value: unknown): HandrailError {
  const parsed = problemSchema.safeParse(value);
  const code: ErrorCode =
    parsed.success && isErrorCode(parsed.data.code) ? parsed.data.code : 'unreachable';
  return new HandrailError(
    code,
    parsed.success ? parsed.data.title : 'The server answered with an unknown error.',
  );
}
