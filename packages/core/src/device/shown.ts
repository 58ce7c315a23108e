// What a person sees before consenting: who asks, the fingerprint to compare, the notice, and what
// would be captured, in plain words.
import type { CaptureContext, ManifestFile, Mode, Signal } from '../statement/index.ts';
import type { Programme } from './programme.ts';

const signalWords: Readonly<Record<Signal, string>> = {
  key: 'what you type, with personal data and secrets replaced',
  pointer: 'pointer: movement, buttons and scrolling',
  window: 'which of these windows is in front, without its title',
  focus: 'which field has the focus: its kind and place',
  frame: 'pictures of these windows; everything else on the screen is filled',
};

const modeWords: Readonly<Record<Mode, string>> = {
  full: 'text is kept, what is sensitive is found and replaced',
  vocabulary: 'only words of interfaces and of a list are kept, and pictures of such lines',
  skeleton: 'layout only: no text and no picture of it',
};

export function programmeLines(programme: Programme): readonly string[] {
  const { title, sample, purposes, retentionDays } = programme.charter.payload;
  return [
    `${title}${sample ? ' (a sample, for trying out)' : ''}`,
    `Fingerprint: ${programme.fingerprint}`,
    `Purposes: ${purposes.join(', ')}`,
    `Kept: raw recordings ${retentionDays.raw} days, trajectories ${retentionDays.trajectory} days`,
    '',
    ...programme.notice.trimEnd().split('\n'),
    '',
    ...capturedLines(programme.manifest?.payload.manifest),
  ];
}

export function capturedLines(manifest: ManifestFile | undefined): readonly string[] {
  if (manifest === undefined) {
    return ['Nothing is captured yet: no manifest is active. You will be asked when one is.'];
  }
  return [
    'Captured:',
    ...manifest.signals.map((signal) => `  - ${signalWords[signal]}`),
    'Only in:',
    ...manifest.contexts.map((context) => `  - ${contextWords(context)}`),
    'Nothing else is captured: no other application, no sound, no camera, no clipboard.',
  ];
}

function contextWords({ app, origin, account, mode, words = [] }: CaptureContext): string {
  const at = origin === undefined ? '' : ` at ${origin}`;
  const as = account === undefined ? '' : ` as ${account}`;
  const name = app.startsWith('import:') ? `recordings imported from ${app.slice(7)}` : app;
  const list = words.length === 0 ? '' : ` (the list: ${words.join(', ')})`;
  return `${name}${at}${as}: ${modeWords[mode]}${list}`;
}
