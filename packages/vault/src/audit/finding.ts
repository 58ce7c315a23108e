// What an auditor is given, and what may be wrong with it.
/** What the server says that an entry commits to. */
export interface Given {
  /** base64url of 32 bytes. */
  readonly salt: string;
  readonly payload: unknown;
}

export interface Finding {
  readonly kind:
    | 'withheld'
    | 'not-committed-to'
    | 'unreadable'
    /** Those who signed it may not make this statement: vault and devices take it for nothing. */
    | 'not-signed-by-those-who-may'
    /** What the statements lead to is not the charter that the auditor knows. */
    | 'another-charter'
    /** The same policies over the same facts decide otherwise. */
    | 'decided-otherwise'
    /** Decided by policies that no statement before it put in force. */
    | 'policies-not-in-force';
  /** Of the entry. */
  readonly index: number;
  /** Kind of the statement, or what was asked. */
  readonly what?: string;
}
