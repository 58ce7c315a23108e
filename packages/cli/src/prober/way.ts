// One way that somebody might read by, ready to be tried with what exists and with what does not.

export interface Way {
  /** As the board shows it: `GET /v1/results/{id}`. */
  readonly path: string;
  readonly method: string;
  /** Addresses of things that exist and are the prober's own in no way. */
  readonly theirs: readonly string[];
  /** The address of what does not exist, or of a way without an id. */
  readonly nothing: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Who may call by the document; undefined: nobody. */
  readonly caller: string | undefined;
  /** What its id names. */
  readonly kind: string | undefined;
}

/** Ids that exist, by kind. */
export type Targets = Readonly<Record<string, readonly string[]>>;
