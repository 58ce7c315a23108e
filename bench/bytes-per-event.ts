// Bytes that one event of a real recording takes once it is sealed, padding and signatures
// included: cut, sealed and handed in by the import itself.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importLog } from '@handrail/agent/import';
import { fixturePath } from '@handrail/testbed/fixtures';
import { startOrganisation } from './organisation/organisation.ts';
import type { BenchResult } from './runner/bench.ts';

const recording = 'ducktrack-macos-wikipedia';

export async function run(): Promise<BenchResult> {
  const events = fixturePath(`${recording}/events.jsonl`);
  if (events === undefined) throw new Error(`Put the fixture ${recording} where the tests look.`);
  const folder = await mkdtemp(join(tmpdir(), 'bytes-per-event-'));
  try {
    await using organisation = await startOrganisation(folder, {
      version: 1,
      signals: ['key', 'pointer'],
      contexts: [{ app: 'import:ducktrack', mode: 'full' }],
    });
    const log = new Uint8Array(await readFile(events));
    const outcome = await importLog(organisation.home, log, 'ducktrack', undefined);
    const sizes = await organisation.sealedBytes();
    const sealedBytes = sizes.reduce((sum, size) => sum + size, 0);
    return {
      name: 'bytes-per-event',
      figures: {
        log: recording,
        logBytes: log.length,
        events: outcome.events,
        segments: sizes.length,
        waitingSegments: outcome.waiting,
        sealedBytes,
        sealedBytesPerEvent: sealedBytes / outcome.events,
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
