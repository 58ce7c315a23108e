// The walk of one keystroke through every zone, with real parts: one step a line.
import { describeWith, desktopPrograms } from '@handrail/testbed/require';
import { afterAll, test } from 'vitest';
import * as organisation from './one-keystroke/in-the-organisation.ts';
import * as device from './one-keystroke/on-the-device.ts';
import { begin } from './one-keystroke/walk.ts';

describeWith([...desktopPrograms, 'age'], 'one keystroke', () => {
  const stack = new AsyncDisposableStack();
  afterAll(() => stack.disposeAsync());

  test('it travels sealed from the key to the row, and back to nothing', async () => {
    const walk = await begin(stack, `kim.${Date.now().toString(36)}@example.org`);
    await device.theGateIsShutWithoutALease(walk);
    await device.aPersonTypes(walk);
    const draft = device.keysBecomeRuns(walk);
    device.runsAreRedacted(walk, draft);
    await device.theSegmentIsSealed(walk, draft);
    await device.theServerAccepts(walk);
    const trajectory = await organisation.theVaultRefines(walk);
    await organisation.theLedgerSaysSo(walk, [
      'segments.accepted',
      'segments.opening',
      'segments.opened',
    ]);
    await organisation.itsOwnerReads(walk, trajectory);
    const grant = await organisation.twoPersonsGrant(walk);
    const release = await organisation.aReleaseIsBuilt(walk, grant);
    await organisation.theLedgerSaysSo(walk, ['trajectories.opening', 'release.published']);
    await organisation.theGranteeReadsARow(walk, release, trajectory);
    await organisation.theLedgerSaysSo(walk, ['release.published', 'release.downloaded']);
    await organisation.goneMeansGone(walk, trajectory);
    await organisation.theLedgerSaysSo(walk, ['release.downloaded', 'keys.shredded']);
  }, 180_000);
});
