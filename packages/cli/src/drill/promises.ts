// What Handrail promises, and whether the drill saw each promise kept. One that is broken is so,
// claimed or not; one that is not claimed on one machine is said to be so.

export const promises = [
  'Plain content exists in memory only',
  'The server cannot open anything',
  'No ledger entry, no key',
  'Unknown means no',
  'One choke point each way',
  'Findings are taken out of every surface at once',
  'Pause, withdraw and halt act at once, and who is cut off stops at the end of the lease',
  'No surveillance: nothing that is shown is about a person',
  'The same inputs give the same bytes',
] as const;

/** There the account that runs everything can read everything, and sign as everyone. */
const notClaimedOnOneMachine: ReadonlySet<number> = new Set([2, 3]);

export interface Seen {
  /** Number of the promise, from 1. */
  readonly promise: number;
  readonly what: string;
  readonly ok: boolean;
}

export type Verdict = 'held' | 'not claimed here' | 'broken';

export interface Judged {
  readonly promise: string;
  readonly verdict: Verdict;
  /** What did not hold; where all held, what was seen. */
  readonly because: readonly string[];
}

/** A promise that nothing was seen of is broken: a drill that looks away proves nothing. */
export function judgePromises(seen: readonly Seen[]): readonly Judged[] {
  return promises.map((promise, at) => {
    const mine = seen.filter((one) => one.promise === at + 1);
    const failed = mine.filter(({ ok }) => !ok);
    const isBroken = failed.length > 0 || mine.length === 0;
    const kept = notClaimedOnOneMachine.has(at + 1) ? 'not claimed here' : 'held';
    const because = (isBroken ? failed : mine).map(({ what }) => what);
    return { promise: `${at + 1}. ${promise}`, verdict: isBroken ? 'broken' : kept, because };
  });
}
