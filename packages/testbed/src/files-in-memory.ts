// Servers and keepers wait for the disk at every accepted segment, statement and key. Tests kill
// processes, never the power: where memory has room, their temporary files lie there.
import { accessSync, constants, statfsSync } from 'node:fs';

const memory = '/dev/shm';
const roomBytesMin = 4 * 1024 ** 3;

if (hasRoom()) process.env.TMPDIR = memory;

function hasRoom(): boolean {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= roomBytesMin;
  } catch {
    return false;
  }
}
