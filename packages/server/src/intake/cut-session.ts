// Where a session may be cut: after a closing segment, with nothing missing before it. Pure.

/** What is known of one sequence: a segment that came, or that none will ever come. */
export type Place =
  | { readonly kind: 'never'; readonly sequence: number }
  | {
      readonly kind: 'segment';
      readonly sequence: number;
      readonly id: string;
      readonly closes: boolean;
      readonly consentEpoch: number;
    };

export interface Group {
  readonly consentEpoch: number;
  /** In order; 1 to 64. */
  readonly segments: readonly string[];
}

export const groupSegmentsMax = 64;

/**
 * Groups from `nextSequence` on, and the first sequence that is in none of them. Places are in
 * order; both kinds may name one sequence. An ended session is cut after its last known segment.
 */
export function cutSession(
  nextSequence: number,
  ended: boolean,
  places: readonly Place[],
): { readonly groups: readonly Group[]; readonly nextSequence: number } {
  const groups: Group[] = [];
  let segments: string[] = [];
  let epoch = 0;
  let expected = nextSequence;
  let done = nextSequence;
  const cut = () => {
    if (segments.length > 0) groups.push({ consentEpoch: epoch, segments });
    segments = [];
    done = expected;
  };
  for (const place of places) {
    if (place.sequence > expected) break;
    const isNext = place.sequence === expected;
    if (isNext) expected += 1;
    if (place.kind === 'segment') {
      if (segments.length > 0 && place.consentEpoch !== epoch) {
        expected = place.sequence;
        cut();
        expected += 1;
      }
      epoch = place.consentEpoch;
      segments.push(place.id);
      if (place.closes || segments.length === groupSegmentsMax) cut();
    } else if (segments.length === 0) done = expected;
  }
  const missing = places.some(({ sequence }) => sequence >= expected);
  if (ended && !missing) cut();
  return { groups, nextSequence: done };
}
