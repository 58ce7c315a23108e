// A route is data: the server registers it, every client calls it, OpenAPI is generated from it.
import type { z } from 'zod';

/** Who may call, proven by a signed request (signed-request.ts) unless it is `anyone`. */
export type Caller = 'anyone' | 'new-device' | 'device' | 'person' | 'vault';

/** A body or reply is JSON of a schema, raw bytes, or nothing. */
export type Payload = z.ZodType | 'bytes' | 'none';

export interface Route<B extends Payload = Payload, R extends Payload = Payload> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `:name` stands for one path segment, `*` for the rest of the path. */
  readonly path: string;
  readonly caller: Caller;
  readonly body: B;
  readonly reply: R;
  /** One line for the API document. */
  readonly says: string;
}

export type PayloadOf<P extends Payload> = P extends z.ZodType
  ? z.infer<P>
  : P extends 'bytes'
    ? Uint8Array
    : undefined;

export function route<B extends Payload, R extends Payload>(definition: Route<B, R>): Route<B, R> {
  return definition;
}
