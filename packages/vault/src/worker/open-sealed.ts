// Opens a sealed trajectory with its content key.
import { decodeTrajectory, parseTrajectory, type Trajectory } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { openBulk } from '@handrail/core/open';
import { unpad } from '@handrail/core/segment';

/** Throws `seal.broken`, `format.*`, `input.invalid`. */
export async function openTrajectory(
  bytes: Uint8Array,
  contentKey: Uint8Array,
): Promise<Trajectory> {
  const { header, headerBytes, body } = parseTrajectory(bytes);
  const trajectory = decodeTrajectory(unpad(await openBulk(contentKey, headerBytes, body)));
  if (trajectory.id === header.trajectory && trajectory.pseudonym === header.pseudonym) {
    return trajectory;
  }
  throw new HandrailError('input.invalid', 'The trajectory is not the one that its header names.');
}
