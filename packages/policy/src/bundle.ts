// A policy bundle: the schema and the policies, as text, with one digest. It loads only when every
// policy has an id, is well typed against the schema and draws no warning.
import {
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { canonicalDigest } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';

export interface PolicyBundle {
  /** Cedar's schema language. */
  readonly schema: string;
  /** Policies by file name. */
  readonly policies: Readonly<Record<string, string>>;
}

const somebody = /\b(Person|Participant|Stranger)::"/;
const schemaFile = new URL('../schema.cedarschema', import.meta.url);
const policyFiles = ['programme', 'grants', 'releases', 'own', 'openings', 'incidents'].map(
  (name) => ({
    name: `${name}.cedar`,
    url: new URL(`../policies/${name}.cedar`, import.meta.url),
  }),
);

/** A bundle that decisions can be made by. */
export interface Policies {
  /** SHA-256 of the bundle, hex: the policy version that decisions name. */
  readonly version: string;
  readonly ids: readonly string[];
  /** Whether any of them is about one person or participant by name. */
  readonly namesSomebody: boolean;
}

/** The bundle that comes with this code, through whoever may read files. */
export async function readBundle(read: (file: URL) => Promise<string>): Promise<PolicyBundle> {
  const texts = await Promise.all(
    policyFiles.map(async ({ name, url }) => [name, await read(url)]),
  );
  return { schema: await read(schemaFile), policies: Object.fromEntries(texts) };
}

/** SHA-256 over the canonical JSON of the bundle, hex. */
export function bundleDigest(bundle: PolicyBundle): string {
  return canonicalDigest(bundle);
}

/** Throws `usage.invalid` for a bundle that is not sound. */
export function loadPolicies(bundle: PolicyBundle): Policies {
  const version = bundleDigest(bundle);
  const byId: Record<string, string> = {};
  for (const [file, text] of Object.entries(bundle.policies)) {
    for (const policy of partsOf(file, text)) {
      const id = idOf(file, policy);
      if (Object.hasOwn(byId, id)) throw unsound(`two policies are called ${id}`);
      byId[id] = policy;
    }
  }
  requireValid(bundle.schema, byId);
  const set = preparsePolicySet(version, { staticPolicies: byId });
  const schema = preparseSchema(version, bundle.schema);
  if (set.type !== 'success' || schema.type !== 'success') throw unsound('it does not parse');
  const namesSomebody = Object.values(byId).some((text) => somebody.test(text));
  return { version, ids: Object.keys(byId), namesSomebody };
}

function partsOf(file: string, text: string): readonly string[] {
  const parts = policySetTextToParts(text);
  if (parts.type !== 'success' || parts.policy_templates.length > 0) {
    throw unsound(`${file} is no list of policies`);
  }
  if (parts.policies.length === 0) throw unsound(`${file} holds no policy`);
  return parts.policies;
}

function idOf(file: string, policy: string): string {
  const json = policyToJson(policy);
  const id = json.type === 'success' ? json.json.annotations?.id : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw unsound(`a policy of ${file} has no @id`);
}

function requireValid(schema: string, staticPolicies: Record<string, string>): void {
  const settings = { mode: 'strict' } as const;
  const answer = validate({ schema, policies: { staticPolicies }, validationSettings: settings });
  if (answer.type !== 'success') throw unsound('the schema does not parse');
  const { validationErrors, validationWarnings, otherWarnings } = answer;
  const [problem] = [...validationErrors, ...validationWarnings];
  if (problem) throw unsound(`${problem.policyId}: ${problem.error.message}`);
  if (otherWarnings.length > 0) throw unsound('the schema draws a warning');
}

function unsound(why: string): HandrailError {
  return new HandrailError('usage.invalid', `Mend the policies: ${why}.`);
}
