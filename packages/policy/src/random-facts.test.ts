import { readFile } from 'node:fs/promises';
import { roles, tiers } from '@handrail/core/statement';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadPolicies, type Policies, type PolicyBundle, readBundle } from './bundle.ts';
import { decide } from './decide.ts';
import {
  type Asker,
  grantActions,
  jobActions,
  type Phase,
  phases,
  programmeActions,
  type Question,
  quarantineActions,
  releaseActions,
  trajectoryActions,
} from './question.ts';

let bundle: PolicyBundle;
let policies: Policies;
/** The same bundle, with everything permitted: as to a person who had every role. */
let permissive: Policies;

beforeAll(async () => {
  bundle = await readBundle((file) => readFile(file, 'utf8'));
  policies = loadPolicies(bundle);
  const all = '@id("everything") permit (principal, action, resource);';
  permissive = loadPolicies({ ...bundle, policies: { ...bundle.policies, 'all.cedar': all } });
});

const people = ['pers_1', 'pers_2'] as const;
const owners = ['part_1', 'part_2'] as const;
const recipes = ['', 'a'.repeat(64), 'b'.repeat(64)];

const participant = fc.record({
  kind: fc.constant('participant' as const),
  pseudonym: fc.constantFrom(...owners),
  consents: fc.boolean(),
});
const person = fc.record({
  kind: fc.constant('person' as const),
  id: fc.constantFrom(...people),
  role: fc.constantFrom(...roles),
});
const stranger = fc.record({ kind: fc.constant('stranger' as const), id: fc.constant('x') });
const asker: fc.Arbitrary<Asker> = fc.oneof(person, participant, stranger);
const grant = fc.record({
  id: fc.constant('grant_1'),
  holder: fc.constantFrom(...people),
  state: fc.constantFrom('requested', 'approved', 'expired', 'revoked'),
  tier: fc.constantFrom(...tiers),
  purposeStands: fc.boolean(),
  recipe: fc.constantFrom(...recipes),
});
const owned = fc.record({ id: fc.constant('one'), owner: fc.constantFrom(...owners) });
const job = fc.record({ id: fc.constant('one'), owner: fc.constantFrom(...owners, ...people) });
const asked = { by: asker, phase: fc.constantFrom(...phases) };
const anyOf = <const A extends readonly [string, ...string[]]>(actions: A) =>
  fc.constantFrom(...actions) as fc.Arbitrary<A[number]>;

/** Every kind of question, with facts at random. */
const question = fc.oneof(
  fc.record({ ...asked, action: anyOf(programmeActions), programme: fc.constant('prog_1') }),
  fc.record({ ...asked, action: anyOf(grantActions), grant }),
  fc.record({
    ...asked,
    action: anyOf(releaseActions),
    grant,
    recipe: fc.constantFrom(...recipes),
  }),
  fc.record({
    ...asked,
    action: fc.constant('release.view'),
    release: fc.record({
      id: fc.constant('rel_1'),
      state: fc.constantFrom('building', 'published', 'failed', 'superseded'),
    }),
  }),
  fc.record({ ...asked, action: anyOf(jobActions), job }),
  fc.record({ ...asked, action: anyOf(trajectoryActions), trajectory: owned }),
  fc.record({ ...asked, action: anyOf(quarantineActions), recording: owned }),
  fc.record({
    ...asked,
    action: fc.constant('trajectory.read'),
    grant,
    trajectory: fc.record({ id: fc.constant('one'), owner: participant, inScope: fc.boolean() }),
  }),
  fc.record({
    action: fc.constant('recording.refine'),
    programme: fc.constant('prog_1'),
    phase: fc.constantFrom(...phases),
    owner: participant,
  }),
) as fc.Arbitrary<Question>;

const verdict = (one: Question, by = policies) => decide(by, one).kind;

/** Any text fits these: another name is another thing, not a mistake. */
const names: readonly string[] = ['id', 'programme', 'recipe', 'holder', 'pseudonym', 'owner'];

/** Paths to all single facts. */
function factsOf(value: object, at: readonly string[] = []): (readonly string[])[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...at, key];
    return typeof inner === 'object' && inner !== null ? factsOf(inner, path) : [path];
  });
}

function changed(value: object, [key = '', ...rest]: readonly string[], to: unknown): object {
  const { [key]: inner, ...others } = value as Record<string, unknown>;
  if (rest.length > 0) return { ...others, [key]: changed(inner as object, rest, to) };
  return to === undefined ? others : { ...others, [key]: to };
}

test('whatever the facts are: where one is deleted or mistyped, it is a no', () => {
  let tried = 0;
  const wrong = fc.constantFrom(undefined, null, 7, [], {}, '', 'no such word', 'constructor');
  fc.assert(
    fc.property(question, fc.nat(), wrong, (one, which, to) => {
      const paths = factsOf(one);
      const path = paths[which % paths.length] ?? [];
      const isOtherName = typeof to === 'string' && names.includes(path.at(-1) ?? '');
      if (isOtherName || verdict(one) === 'deny') return;
      tried += 1;
      expect(verdict(changed(one, path, to) as Question), `${path.join('.')} ${to}`).toBe('deny');
    }),
    { numRuns: 1_500 },
  );
  expect(tried, 'questions that were allowed').toBeGreaterThan(100);
});

const opens = ['trajectory.open', 'quarantine.open', 'trajectory.read', 'recording.refine'];
const opening: readonly string[] = [...opens, ...releaseActions];
const own: readonly string[] = ['trajectory.open', 'quarantine.open'];
const probing: readonly string[] = [
  'programme.halt',
  'incident.open',
  'incident.view',
  'probe.report',
  'probe.view',
];

/** What is forbidden, said once more and apart from the policies. */
function isForbidden(one: Question): boolean {
  const { action, phase } = one;
  const by = 'by' in one ? one.by : undefined;
  if (opening.includes(action) && (phase === 'draft' || phase === 'halted')) return true;
  if (opening.includes(action) && phase === 'closed' && !own.includes(action)) return true;
  if (by?.kind === 'person' && by.role === 'prober' && !probing.includes(action)) return true;
  return action === 'grant.approve' && by?.kind === 'person' && by.id === one.grant.holder;
}

test('whatever is permitted besides: what is forbidden is a no, and nothing else is', () => {
  let forbidden = 0;
  fc.assert(
    fc.property(question, (one) => {
      const is = isForbidden(one);
      forbidden += is ? 1 : 0;
      expect(verdict(one, permissive)).toBe(is ? 'deny' : 'allow');
      if (is) expect(verdict(one)).toBe('deny');
    }),
    { numRuns: 1_000 },
  );
  expect(forbidden).toBeGreaterThan(100);
});

/** So that most things are wrong in one way at most. */
function mostly<V>(right: V, ...others: readonly V[]): fc.Arbitrary<V> {
  const wrong = fc.constantFrom(...others);
  return fc.oneof({ weight: 9, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: wrong });
}

test('a grant gives its holder what it names, at its tier, and nothing above or below it', () => {
  const facts = fc.record({
    by: fc.record({
      kind: fc.constant('person' as const),
      id: mostly<string>('pers_1', 'pers_2'),
      role: mostly<(typeof roles)[number]>('researcher', ...roles),
    }),
    phase: mostly<Phase>('active', ...phases),
    grant: fc.record({
      id: fc.constant('grant_1'),
      holder: mostly<string>('pers_1', 'pers_2'),
      state: mostly('approved', 'requested', 'expired', 'revoked'),
      tier: fc.constantFrom(...tiers),
      purposeStands: mostly<boolean>(true, false),
      recipe: fc.constantFrom(...recipes),
    }),
  });
  const shown = fc.record({
    owner: fc.record({
      kind: fc.constant('participant' as const),
      pseudonym: fc.constantFrom(...owners),
      consents: mostly<boolean>(true, false),
    }),
    inScope: mostly<boolean>(true, false),
  });
  fc.assert(
    fc.property(facts, shown, fc.constantFrom(...recipes), (facts, { owner, inScope }, recipe) => {
      const { by, phase } = facts;
      const stands =
        facts.grant.state === 'approved' &&
        facts.grant.purposeStands &&
        facts.grant.holder === by.id &&
        by.role !== 'prober' &&
        phase === 'active';
      const trajectory = { id: 'one', owner, inScope };
      const read = verdict({ action: 'trajectory.read', ...facts, trajectory } as Question);
      const names = stands && facts.grant.tier === 'trajectory' && inScope && owner.consents;
      expect(read).toBe(names ? 'allow' : 'deny');
      const isItsRecipe = recipe !== '' && recipe === facts.grant.recipe;
      for (const action of releaseActions) {
        const made = verdict({ action, ...facts, recipe } as Question);
        const may = stands && facts.grant.tier === 'release' && isItsRecipe;
        expect(made).toBe(may ? 'allow' : 'deny');
      }
      // What it is made of, and what lies in quarantine, is its participant's alone.
      const recording = { id: 'one', owner: owner.pseudonym };
      for (const action of quarantineActions) {
        expect(verdict({ action, by, phase, recording })).toBe('deny');
      }
      for (const action of trajectoryActions) {
        expect(verdict({ action, by, phase, trajectory: recording })).toBe('deny');
      }
    }),
    { numRuns: 250 },
  );
});
