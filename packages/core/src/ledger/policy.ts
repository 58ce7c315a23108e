// Whose signatures a ledger must carry, as a text that people can exchange: the log, the witnesses,
// and how many of them. The lines are those of C2SP tlog-policy and Sigsum, with one group.
import { HandrailError } from '../errors/index.ts';
import { parseVerifierLine, sameKey, type VerifierKey, verifierLine } from './note-key.ts';

export const policyBytesMax = 65_536;
const witnessesMax = 64;

/** Keys of the log and of the witnesses of the group that counts; 0 of them for `quorum none`. */
export interface LedgerPolicy {
  readonly log: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  readonly quorum: number;
}

interface Group {
  readonly members: readonly string[];
  readonly needed: number;
}

/** Throws `input.invalid` and says which line: a policy that is half understood is none. */
export function parsePolicy(text: string): LedgerPolicy {
  const read = new PolicyLines();
  for (const [at, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/);
    if (words[0] !== '') read.take(words, at + 1);
  }
  return read.policy();
}

/** The policy's text; a parse gives the same again. */
export function formatPolicy({ log, witnesses, quorum }: LedgerPolicy): string {
  const names = witnesses.map((_witness, at) => `witness-${at + 1}`);
  const group = `group quorum-of-witnesses ${quorum} ${names.join(' ')}`;
  return [
    `log ${verifierLine(log)}`,
    ...witnesses.map((witness, at) => `witness ${names[at]} ${verifierLine(witness)}`),
    ...(quorum === 0 ? ['quorum none'] : [group, 'quorum quorum-of-witnesses']),
    '',
  ].join('\n');
}

class PolicyLines {
  readonly #witnesses = new Map<string, VerifierKey>();
  readonly #groups = new Map<string, Group>();
  #log: VerifierKey | undefined;
  #quorum: string | undefined;

  take([word, ...rest]: readonly string[], line: number): void {
    const [first = '', second = ''] = rest;
    // An address may follow a key; nobody is asked for anything here.
    if (word === 'log' && !this.#log && first) this.#log = this.#key(first, line);
    else if (word === 'witness' && second) this.#witness(first, second, line);
    else if (word === 'group' && rest.length > 2) this.#group(rest, line);
    else if (word === 'quorum' && !this.#quorum && rest.length === 1) this.#quorum = first;
    else throw wrong(line, 'is not understood');
  }

  policy(): LedgerPolicy {
    if (!this.#log) throw new HandrailError('input.invalid', 'The policy names no log.');
    if (this.#quorum === 'none') return { log: this.#log, witnesses: [], quorum: 0 };
    const name = this.#quorum ?? '';
    const single = this.#witnesses.has(name) ? { members: [name], needed: 1 } : undefined;
    const group = this.#groups.get(name) ?? single;
    if (!group) throw new HandrailError('input.invalid', 'The policy says no quorum, nor "none".');
    const witnesses = group.members.flatMap((member) => this.#witnesses.get(member) ?? []);
    return { log: this.#log, witnesses, quorum: group.needed };
  }

  #witness(name: string, key: string, line: number): void {
    const witness = this.#key(key, line);
    const twice = [...this.#witnesses.values()].some((other) => sameKey(other, witness));
    if (this.#isTaken(name) || twice) throw wrong(line, 'names a witness twice');
    if (this.#witnesses.size >= witnessesMax) throw wrong(line, 'is one witness too many');
    this.#witnesses.set(name, witness);
  }

  #group([name = '', threshold = '', ...members]: readonly string[], line: number): void {
    const counts: Record<string, number> = { any: 1, all: members.length };
    const needed = counts[threshold] ?? Number(/^[1-9][0-9]?$/.exec(threshold)?.[0] ?? Number.NaN);
    const known = members.every((member) => this.#witnesses.has(member));
    if (this.#isTaken(name) || !known)
      throw wrong(line, 'may group witnesses named before it only');
    if (new Set(members).size !== members.length || !(needed <= members.length)) {
      throw wrong(line, 'asks for more witnesses than it names');
    }
    this.#groups.set(name, { members, needed });
  }

  #isTaken(name: string): boolean {
    return name === 'none' || this.#witnesses.has(name) || this.#groups.has(name);
  }

  #key(text: string, line: number): VerifierKey {
    try {
      return parseVerifierLine(text);
    } catch {
      throw wrong(line, 'holds no verifier key');
    }
  }
}

function wrong(line: number, what: string): HandrailError {
  return new HandrailError('input.invalid', `Line ${line} of the policy ${what}.`);
}
