import { readFile } from 'node:fs/promises';
import { roles, tiers } from '@handrail/core/statement';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadPolicies, type Policies, type PolicyBundle, readBundle } from './bundle.ts';
import { decide } from './decide.ts';
import {
  type Asker,
  type GrantFacts,
  grantActions,
  jobActions,
  type Phase,
  phases,
  programmeActions,
  type Question,
  releaseActions,
  trajectoryActions,
} from './question.ts';

let bundle: PolicyBundle;
let policies: Policies;

beforeAll(async () => {
  bundle = await readBundle((file) => readFile(file, 'utf8'));
  policies = loadPolicies(bundle);
});

const recipe = 'a'.repeat(64);
const active = 'active' as const;
const person = (role: (typeof roles)[number], id = `pers_${role}`): Asker => {
  return { kind: 'person', id, role };
};
const participant = (consents = true, pseudonym = 'part_1') => {
  return { kind: 'participant', pseudonym, consents } as const;
};
const stranger: Asker = { kind: 'stranger', id: 'stranger' };
const grant: GrantFacts = {
  id: 'grant_1',
  holder: 'pers_researcher',
  state: 'approved',
  tier: 'release',
  purposeStands: true,
  recipe,
};

const reading = {
  action: 'trajectory.read',
  by: person('researcher'),
  phase: 'active',
  grant: { ...grant, tier: 'trajectory', recipe: '' },
  trajectory: { id: 'traj_1', owner: participant(), inScope: true },
} as const;

const rawReading = {
  action: 'recording.read',
  by: reading.by,
  phase: 'active',
  grant: { ...grant, tier: 'raw', recipe: '' },
  recording: { id: 'seg_1', owner: participant(), inScope: true },
} as const;

function narrowed(facts: Partial<GrantFacts>, trajectory: object) {
  const { grant, trajectory: shown } = reading;
  return { grant: { ...grant, ...facts }, trajectory: { ...shown, ...trajectory } };
}

function verdict(question: Question): 'allow' | 'deny' {
  return decide(policies, question).kind;
}

/** A prober's key lies on a machine: it stops things, and does nothing else. */
const people = roles.filter((role) => role !== 'prober');

describe('who may what', () => {
  const on = (action: (typeof programmeActions)[number], by: Asker) =>
    verdict({ action, by, phase: 'active', programme: 'prog_1' });

  test.each([
    ['manifest.propose', ['steward', 'officer']],
    ['manifest.approve', ['steward', 'officer']],
    ['programme.halt', ['steward', 'officer', 'incident', 'prober']],
    ['programme.resume', ['steward', 'officer', 'incident']],
    ['manifest.list', people],
    ['grant.list', people],
    ['release.list', people],
    ['incident.open', ['steward', 'officer', 'incident', 'prober']],
    ['incident.view', ['steward', 'officer', 'auditor', 'incident', 'prober']],
    ['incident.close', ['steward', 'officer', 'incident']],
    ['incident.investigate', ['steward', 'officer', 'incident']],
    ['probe.report', ['prober']],
    ['probe.view', ['steward', 'officer', 'auditor', 'incident', 'prober']],
    ['device.revoke', ['steward', 'officer', 'incident']],
    ['bystander.decide', ['steward', 'officer']],
    ['programme.hold', ['steward', 'officer', 'incident']],
    ['ledger.audit', ['auditor']],
  ] as const)('%s: %j', (action, allowed) => {
    const may = roles.filter((role) => on(action, person(role)) === 'allow');
    expect(may).toEqual(roles.filter((role) => (allowed as readonly string[]).includes(role)));
    expect(on(action, stranger)).toBe('deny');
    expect(on(action, participant())).toBe('deny');
  });

  test.each([
    ['grant.view', ['steward', 'officer', 'auditor', 'incident']],
    ['grant.approve', ['steward', 'officer']],
    ['grant.revoke', ['steward', 'officer']],
    ['grant.request', []],
  ] as const)('%s of somebody else: %j', (action, allowed) => {
    const ask = (by: Asker) => verdict({ action, by, phase: 'active', grant });
    const may = roles.filter((role) => ask(person(role, 'pers_other')) === 'allow');
    expect(may).toEqual(roles.filter((role) => (allowed as readonly string[]).includes(role)));
    expect(ask(stranger)).toBe('deny');
  });

  test('a holder asks for, views and ends a grant, and never approves it', () => {
    for (const role of people) {
      const by = person(role, grant.holder);
      const ask = (action: (typeof grantActions)[number]) =>
        verdict({ action, by, phase: 'active', grant });
      expect(grantActions.filter((action) => ask(action) === 'allow')).toEqual([
        'grant.request',
        'grant.view',
        'grant.revoke',
      ]);
    }
  });

  test('what is made or exported is made for the recipe of an approved grant', () => {
    const by = person('researcher');
    const ask = (change: Partial<GrantFacts>, more: object = {}) =>
      releaseActions.map((action) => {
        return verdict({
          action,
          by,
          phase: 'active',
          grant: { ...grant, ...change },
          recipe,
          ...more,
        });
      });
    const no = releaseActions.map(() => 'deny');
    expect(ask({})).toEqual(releaseActions.map(() => 'allow'));
    for (const state of ['requested', 'expired', 'revoked'] as const) {
      expect(ask({ state }), state).toEqual(no);
    }
    for (const tier of tiers.filter((one) => one !== 'release')) expect(ask({ tier })).toEqual(no);
    expect(ask({ purposeStands: false })).toEqual(no);
    expect(ask({ recipe: '' })).toEqual(no);
    expect(ask({ recipe: '' }, { recipe: '' })).toEqual(no);
    expect(ask({ recipe: 'b'.repeat(64) })).toEqual(no);
    expect(ask({ holder: 'pers_other' })).toEqual(no);
    expect(ask({}, { phase: 'halted' })).toEqual(no);
    expect(ask({}, { by: person('steward') })).toEqual(no);
  });

  test('a trajectory is read under an approved grant of its tier that names it', () => {
    const ask = (facts: Partial<GrantFacts>, more: object = {}, trajectory: object = {}) =>
      verdict({ ...reading, ...more, ...narrowed(facts, trajectory) });
    expect(ask({})).toBe('allow');
    for (const state of ['requested', 'expired', 'revoked'] as const) {
      expect(ask({ state }), state).toBe('deny');
    }
    for (const tier of ['raw', 'release'] as const) expect(ask({ tier }), tier).toBe('deny');
    expect(ask({ purposeStands: false })).toBe('deny');
    expect(ask({ holder: 'pers_other' })).toBe('deny');
    expect(ask({}, { phase: 'halted' })).toBe('deny');
    expect(ask({}, { by: participant() })).toBe('deny');
    expect(ask({}, {}, { inScope: false })).toBe('deny');
    expect(ask({}, {}, { owner: participant(false) })).toBe('deny');
  });

  test('everybody reads what is their own, and nothing of others', () => {
    for (const action of jobActions) {
      const ask = (by: Asker, owner: string) =>
        verdict({ action, by, phase: 'halted', job: { id: 'job_1', owner } });
      expect(ask(participant(false), 'part_1')).toBe('allow');
      expect(ask(person('officer'), 'pers_officer')).toBe('allow');
      expect(ask(person('officer'), 'part_1')).toBe('deny');
      expect(ask(participant(), 'part_2')).toBe('deny');
    }
    const ask = (by: Asker, owner: string, phase: Phase = 'active') =>
      trajectoryActions.map((action) => {
        return verdict({ action, by, phase, trajectory: { id: 'traj_1', owner } });
      });
    expect(ask(participant(), 'part_1')).toEqual(['allow', 'allow']);
    expect(ask(participant(false), 'part_1')).toEqual(['allow', 'deny']);
    expect(ask(participant(), 'part_1', 'halted')).toEqual(['allow', 'deny']);
    expect(ask(participant(), 'part_2')).toEqual(['deny', 'deny']);
    for (const role of roles) expect(ask(person(role), 'part_1')).toEqual(['deny', 'deny']);
  });

  test('a grant shows segments as they were recorded in tier raw alone, and nothing else', () => {
    expect(verdict(rawReading)).toBe('allow');
    for (const tier of ['trajectory', 'release'] as const) {
      expect(verdict({ ...rawReading, grant: { ...rawReading.grant, tier } })).toBe('deny');
    }
    expect(verdict({ ...reading, grant: { ...reading.grant, tier: 'raw' } })).toBe('deny');
    const { recording } = rawReading;
    for (const changed of [{ inScope: false }, { owner: participant(false) }]) {
      const asked = { ...rawReading, recording: { ...recording, ...changed } };
      expect(verdict(asked)).toBe('deny');
    }
    for (const role of roles) {
      const by = person(role, 'pers_other');
      expect(verdict({ ...rawReading, by })).toBe('deny');
    }
  });

  test('what opens in which phase: a halt stops all, a close all but what is one’s own', () => {
    const owner = participant();
    const own = { id: 'one', owner: owner.pseudonym };
    const by = person('researcher');
    const opensIn = (phase: Phase) =>
      Object.fromEntries(
        [
          { action: 'recording.refine', programme: 'prog_1', phase, owner } as const,
          { action: 'trajectory.open', by: owner, phase, trajectory: own } as const,
          { action: 'quarantine.open', by: owner, phase, recording: own } as const,
          { ...reading, phase },
          { ...rawReading, phase },
          ...releaseActions.map((action) => ({ action, by, phase, grant, recipe })),
        ].map((question) => [question.action, verdict(question)]),
      );
    const [draft, running, halted, closed] = phases.map(opensIn);
    const all = Object.keys(running ?? {});
    const none = Object.fromEntries(all.map((action) => [action, 'deny']));
    expect(running).toEqual(Object.fromEntries(all.map((action) => [action, 'allow'])));
    expect(draft).toEqual(none);
    expect(halted).toEqual(none);
    expect(closed).toEqual({ ...none, 'trajectory.open': 'allow', 'quarantine.open': 'allow' });
  });

  test('the charter refines only recordings of who consents, and only while it is active', () => {
    const ask = (consents: boolean, phase: Phase) =>
      verdict({
        action: 'recording.refine',
        programme: 'prog_1',
        phase,
        owner: participant(consents),
      });
    expect([ask(true, 'active'), ask(false, 'active'), ask(true, 'halted')]).toEqual([
      'allow',
      'deny',
      'deny',
    ]);
  });
});

/** Questions that are allowed, each with all of its facts. */
const allowed: readonly Question[] = [
  ...programmeActions.map((action) => {
    const others = { 'probe.report': 'prober', 'ledger.audit': 'auditor' } as const;
    const by = person(action in others ? others[action as keyof typeof others] : 'steward');
    return { action, by, phase: active, programme: 'prog_1' };
  }),
  { action: 'grant.request', by: person('researcher'), phase: active, grant },
  { action: 'grant.approve', by: person('officer'), phase: active, grant },
  ...releaseActions.map((action) => {
    return { action, by: person('researcher'), phase: active, grant, recipe };
  }),
  {
    action: 'trajectory.open',
    by: participant(),
    phase: active,
    trajectory: { id: 'traj_1', owner: 'part_1' },
  },
  reading,
  rawReading,
  { action: 'job.view', by: participant(), phase: active, job: { id: 'j', owner: 'part_1' } },
  { action: 'recording.refine', programme: 'prog_1', phase: active, owner: participant() },
];

/** Facts that any text fits: another name is another thing, not a mistake. */
const names: readonly string[] = ['id', 'programme', 'recipe', 'holder', 'pseudonym'];

type Path = readonly [key: string, ...rest: string[]];

/** Paths to every single fact of a question. */
function factsOf(value: object, at: readonly string[] = []): Path[] {
  return Object.entries(value).flatMap(([key, inner]): Path[] => {
    const path = [...at, key] as unknown as Path;
    return typeof inner === 'object' && inner !== null ? factsOf(inner, path) : [path];
  });
}

function changed(value: object, [key, ...rest]: Path, to: unknown): object {
  const inner = (value as Record<string, unknown>)[key];
  const next = rest.length === 0 ? to : changed(inner as object, rest as unknown as Path, to);
  return { ...value, [key]: next };
}

describe('it fails closed', () => {
  test('any fact that is deleted or mistyped is a no', () => {
    for (const question of allowed) {
      expect(verdict(question)).toBe('allow');
      for (const path of factsOf(question)) {
        for (const wrong of [undefined, null, 7, [], {}, 'no such word']) {
          const asked = changed(question, path, wrong) as Question;
          const isOtherName = typeof wrong === 'string' && names.includes(path.at(-1) ?? '');
          if (!isOtherName) expect(verdict(asked), `${path.join('.')} ${wrong}`).toBe('deny');
        }
      }
    }
  });

  test('a forbid holds whatever else permits', () => {
    const anyGrant = fc.record({
      id: fc.constant('grant_1'),
      holder: fc.constantFrom('pers_1', 'pers_2'),
      state: fc.constantFrom('requested', 'approved', 'expired', 'revoked'),
      tier: fc.constantFrom(...tiers),
      purposeStands: fc.boolean(),
      recipe: fc.constantFrom('', recipe),
    }) as fc.Arbitrary<GrantFacts>;
    const anyPerson = fc
      .tuple(fc.constantFrom(...roles), fc.constantFrom('pers_1', 'pers_2'))
      .map(([role, id]) => person(role, id));
    fc.assert(
      fc.property(anyGrant, anyPerson, fc.constantFrom(...phases), (facts, by, phase) => {
        const own = verdict({ action: 'grant.approve', by, phase, grant: facts });
        if (by.kind === 'person' && by.id === facts.holder) expect(own).toBe('deny');
        for (const action of releaseActions) {
          const opens = verdict({ action, by, phase, grant: facts, recipe });
          if (phase !== 'active' || facts.state !== 'approved') expect(opens).toBe('deny');
        }
      }),
    );
  });

  test('without its forbids the same bundle allows what they forbid', () => {
    const open =
      bundle.policies['openings.cedar']?.replace(/@id\("nothing-opens[\s\S]*$/, '') ?? '';
    const weaker = loadPolicies({
      ...bundle,
      policies: { ...bundle.policies, 'openings.cedar': open },
    });
    const by = person('researcher');
    const question: Question = { action: 'release.build', by, phase: 'halted', grant, recipe };
    expect(decide(weaker, question).kind).toBe('allow');
    expect(decide(policies, question)).toEqual({
      kind: 'deny',
      policies: ['nothing-opens-while-halted'],
      version: policies.version,
    });
    expect(weaker.version).not.toBe(policies.version);
  });

  test('policies that were never loaded decide nothing', () => {
    const question = allowed[0] as Question;
    expect(decide({ version: 'b'.repeat(64), ids: [], namesSomebody: false }, question).kind).toBe(
      'deny',
    );
  });

  const listing = (asker: string) =>
    `permit (principal is ${asker}, action == Action::"grant.list", resource)`;

  test.each([
    ['a policy without an id', 'permit (principal, action, resource);'],
    [
      'an attribute that the schema does not know',
      `@id("x") ${listing('Person')} when { principal.rank > 3 };`,
    ],
    ['a policy that can never apply', `@id("x") ${listing('Grant')};`],
    ['the id of another', `@id("holders-ask-for-grants") ${listing('Person')};`],
    ['no policy at all', '// nothing'],
    ['what is no policy', 'allow everyone'],
  ])('a bundle with %s does not load', (_what, text) => {
    const more = { ...bundle, policies: { ...bundle.policies, 'more.cedar': text } };
    expect(() => loadPolicies(more)).toThrow(/^Mend the policies: /);
  });
});
