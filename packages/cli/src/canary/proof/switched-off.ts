// Every place where something is kept out of a recording, and what stands there instead in the copy
// without redaction. A place that is not found any more is an error: then this list is not true.

export const changes = [
  {
    what: 'finds anything in text, on the device and in the vault',
    file: 'core/src/redact/find.ts',
    head: /export function findInText\([^)]*\): [^{]*\{/,
    body: 'return [];',
  },
  {
    what: 'leaves out windows, tabs and addresses that are not allowed',
    file: 'agent/src/recorder/pixels.ts',
    head: /export function keepAllowed\([^)]*\): void \{/,
    body: 'return;',
  },
  {
    what: 'leaves out rows of the screen where nothing is allowed',
    file: 'core/src/gate/desktop-map.ts',
    head: /\n {2}allowedAreas\([^)]*\): [^\n]*\[\] \{/,
    body: 'return [{ context: 0, box: { x: 0, y: 0, width: 1280, height: 800 } }];',
  },
  {
    what: 'fills fields and findings in frames',
    file: 'agent/src/recorder/pixels.ts',
    head: /export function fill\([^)]*\): void \{/,
    body: 'return;',
  },
  {
    what: 'fills kept frames for text that proved sensitive later',
    file: 'core/src/frame-image/fill.ts',
    head: /export function filledPicture\([^)]*\): Picture \{/,
    body: 'return picture;',
  },
  {
    what: 'finds anything in what frames show',
    file: 'core/src/pixels/find-on-screen.ts',
    head: /export function findOnScreen\([^{]*\): ScreenFindings \{/,
    body: 'return { texts: { findings: [] }, fills: frames.map(() => []) };',
  },
  {
    what: 'fills frames in the vault',
    file: 'vault/src/worker/images.ts',
    head: /export function blacken\([^)]*\): void \{/,
    body: 'return;',
  },
  {
    what: 'stops segments whose frames show what is said to be filled',
    file: 'vault/src/worker/pixels/solid.ts',
    head: /export function allSolid\([^{]*\): boolean \{/,
    body: 'return true;',
  },
  {
    what: 'drops keys of secure fields and of places that are not allowed',
    file: 'core/src/gate/gate.ts',
    head: /#judgeKey\([^)]*\): Verdict \{/,
    body: "return { kind: 'keep', context: 0 };",
  },
  {
    what: 'discards what was typed before a field turned out to be secure',
    file: 'core/src/recorder/draft.ts',
    head: /\n {2}secure\([^)]*\): void \{/,
    body: 'return;',
  },
  {
    what: 'discards what was typed since a field turned out to be secure',
    file: 'core/src/recorder/draft.ts',
    head: /\n {2}secureSince\([^)]*\): void \{/,
    body: 'return;',
  },
];
