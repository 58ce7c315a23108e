// A question in Cedar's terms: principal, action, resource, context and the entities they name.
import type { EntityJson, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm';
import type { Asker, GrantFacts, Owned, Question, ReadByGrant } from './question.ts';

type Uid = { readonly type: string; readonly id: string };
type Attributes = EntityJson['attrs'];

export type CedarCall = Pick<
  StatefulAuthorizationCall,
  'principal' | 'action' | 'resource' | 'context' | 'entities'
>;

export function cedarCallOf(question: Question): CedarCall {
  if (question.action === 'recording.refine') return refineCall(question);
  if (question.action === 'trajectory.read') {
    return readCall(question, 'Trajectory', question.trajectory);
  }
  if (question.action === 'recording.read') {
    return readCall(question, 'Recording', question.recording);
  }
  const asker = askerEntity(question.by);
  const { resource, more } = resourceOf(question);
  const recipe = 'recipe' in question ? { recipe: question.recipe } : {};
  return {
    principal: asker.uid,
    action: { type: 'Action', id: question.action },
    resource: resource.uid,
    context: { phase: word('Phase', question.phase), ...recipe },
    entities: distinct([asker, resource, ...more]),
  };
}

function refineCall(question: Extract<Question, { action: 'recording.refine' }>): CedarCall {
  const programme = entity({ type: 'Programme', id: question.programme });
  const owner = askerEntity(question.owner);
  const recording = entity({ type: 'Recording', id: question.owner.pseudonym }, {}, [owner.uid]);
  return {
    principal: programme.uid,
    action: { type: 'Action', id: question.action },
    resource: recording.uid,
    context: {
      phase: word('Phase', question.phase),
      owner: word('Participant', question.owner.pseudonym),
    },
    entities: [programme, owner, recording],
  };
}

type GrantReading = Extract<Question, { action: 'trajectory.read' | 'recording.read' }>;

function readCall(
  { action, by, phase, grant }: GrantReading,
  type: 'Trajectory' | 'Recording',
  wanted: ReadByGrant,
): CedarCall {
  const asker = askerEntity(by);
  const granted = grantEntity(grant).resource;
  const owner = askerEntity(wanted.owner);
  const parents = [owner.uid, ...scopeOf(wanted, granted.uid)];
  const resource = entity({ type, id: wanted.id }, {}, parents);
  return {
    principal: asker.uid,
    action: { type: 'Action', id: action },
    resource: resource.uid,
    context: {
      phase: word('Phase', phase),
      grant: word('Grant', grant.id),
      owner: word('Participant', wanted.owner.pseudonym),
    },
    entities: distinct([asker, granted, owner, resource]),
  };
}

/** Only a plain yes puts it in the grant's scope; anything but yes and no is no question. */
function scopeOf({ inScope }: ReadByGrant, grant: Uid | EntityJson['uid']) {
  if (typeof inScope !== 'boolean') throw new TypeError('Say whether it is in scope.');
  return inScope ? [grant] : [];
}

type Resource = { readonly resource: EntityJson; readonly more: readonly EntityJson[] };

function resourceOf(
  question: Exclude<Question, GrantReading | { action: 'recording.refine' }>,
): Resource {
  if ('grant' in question) return grantEntity(question.grant);
  if ('release' in question) {
    const { id, state } = question.release;
    return {
      resource: entity({ type: 'Release', id }, { state: word('ReleaseState', state) }),
      more: [],
    };
  }
  if ('job' in question) return ownedEntity('Job', question.job, question.by);
  if ('recording' in question) return ownedEntity('Recording', question.recording, question.by);
  if ('trajectory' in question) return ownedEntity('Trajectory', question.trajectory, question.by);
  return { resource: entity({ type: 'Programme', id: question.programme }), more: [] };
}

function grantEntity({ id, holder, state, tier, purposeStands, recipe }: GrantFacts): Resource {
  const attributes = {
    holder: word('Person', holder),
    state: word('GrantState', state),
    tier: word('Tier', tier),
    purposeStands,
    recipe,
  };
  return { resource: entity({ type: 'Grant', id }, attributes), more: [] };
}

/** Owned by the asker, or by somebody else of whom no more needs to be known. */
function ownedEntity(type: string, { id, owner }: Owned, by: Asker): Resource {
  const isOwn = idOf(by) === owner;
  const parents = isOwn ? [askerEntity(by).uid] : [];
  return { resource: entity({ type, id }, {}, parents), more: [] };
}

function askerEntity(by: Asker): EntityJson {
  const id = idOf(by);
  if (by.kind === 'person') return entity({ type: 'Person', id }, { role: word('Role', by.role) });
  if (by.kind === 'stranger') return entity({ type: 'Stranger', id });
  return entity({ type: 'Participant', id }, { consents: by.consents });
}

/** One of the words that the schema lists; any other makes the question invalid. */
function word(type: string, id: string): Attributes[string] {
  return { __entity: { type, id } };
}

function idOf(by: Asker): string {
  return by.kind === 'participant' ? by.pseudonym : by.id;
}

function entity(uid: Uid, attrs: Attributes = {}, parents: EntityJson['parents'] = []): EntityJson {
  return { uid, attrs, parents };
}

function distinct(entities: readonly EntityJson[]): EntityJson[] {
  return [...new Map(entities.map((one) => [JSON.stringify(one.uid), one])).values()];
}
