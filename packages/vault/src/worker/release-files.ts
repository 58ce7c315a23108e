// The unsealed files of a release, from prepared trajectories: the same whenever and by however
// many threads they are made.
import {
  agentnetLine,
  agentnetLosses,
  type CardFacts,
  dataCard,
  encodeReleaseManifest,
  inStepsOf,
  type ReleaseManifest,
  releaseFileNames,
  select,
  type Trajectory,
  writerVersion,
} from '@handrail/core/dataset';
import { type Purpose, type Recipe, recipeDigest } from '@handrail/core/statement';
import { sha256Hex } from './digest.ts';
import { parquetOf } from './parquet.ts';
import type { TrajectoryInput } from './task.ts';
import { prepareAll } from './threads.ts';

export interface ReleaseOrder {
  readonly release: string;
  readonly recipe: Recipe;
  readonly purpose: Purpose;
  readonly k: number;
  readonly supersedes?: string | undefined;
  readonly inputs: readonly TrajectoryInput[];
  readonly workers: number;
  readonly codeVersion: string;
}

export type ReleaseFiles =
  | {
      readonly kind: 'files';
      /** Unsealed, by name; the manifest is among them. */
      readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
      readonly manifest: ReleaseManifest;
      readonly manifestDigest: string;
    }
  | { readonly kind: 'refused'; readonly reason: 'too-few-participants' | 'nothing-selected' };

const parquetLosses = [
  'gaps, display scale, and what was filled in frames',
  'the order of presses of modifiers is kept as text joined by +',
];

export async function releaseFiles(order: ReleaseOrder): Promise<ReleaseFiles> {
  const prepared = await prepareAll(order.recipe, order.inputs, order.workers);
  const candidates = prepared.map(({ id, participant, trajectory }) => {
    return { id, participant, actions: trajectory.actions.length };
  });
  const selection = select(candidates, order.recipe.actionsMax, order.k);
  if (selection.kind === 'refused') return selection;
  const taken = new Set(selection.ids);
  const selected = prepared.filter(({ id }) => taken.has(id));
  const trajectories = selected.map(({ trajectory }) => trajectory);
  const participants = inStepsOf(order.k, selection.participants);
  const facts: CardFacts = {
    v: 1,
    release: order.release,
    ...(order.supersedes === undefined ? {} : { supersedes: order.supersedes }),
    k: order.k,
    recipe: order.recipe,
    recipeDigest: recipeDigest(order.recipe),
    purpose: order.purpose,
    inputs: selected.map(({ id, digest }) => ({ trajectory: id, digest })),
    code: order.codeVersion,
    versions: { reducer: reducers(trajectories), writer: writerVersion },
    rows: trajectories.reduce((sum, { actions }) => sum + actions.length, 0),
    counts: { ...countsOf(trajectories), participants },
    losses: {
      [releaseFileNames.parquet]: [...parquetLosses],
      [releaseFileNames.agentnet]: [...agentnetLosses],
    },
  };
  const files = [
    { name: releaseFileNames.card, bytes: Buffer.from(dataCard(facts)) },
    { name: releaseFileNames.parquet, bytes: parquetOf(trajectories) },
    { name: releaseFileNames.agentnet, bytes: Buffer.concat(trajectories.map(agentnetLine)) },
  ];
  const manifest: ReleaseManifest = { ...facts, files: files.map(digested) };
  const bytes = encodeReleaseManifest(manifest);
  return {
    kind: 'files',
    files: [...files, { name: releaseFileNames.manifest, bytes }],
    manifest,
    manifestDigest: sha256Hex(bytes),
  };
}

function digested({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }) {
  return { name, sha256: sha256Hex(bytes), bytes: bytes.length };
}

function reducers(trajectories: readonly Trajectory[]): number[] {
  return [...new Set(trajectories.map(({ reducer }) => reducer))].sort((a, b) => a - b);
}

function countsOf(trajectories: readonly Trajectory[]) {
  const frames = new Set(trajectories.flatMap((each) => each.frames.map(({ id }) => id)));
  const actions = trajectories.flatMap((each) => each.actions);
  return {
    trajectories: trajectories.length,
    frames: frames.size,
    actionsWithoutFrame: actions.filter(({ frame }) => frame === null).length,
  };
}
