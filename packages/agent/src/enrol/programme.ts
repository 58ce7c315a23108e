// Reads the programme of an organisation, as whoever has its address and fingerprint.
import { type Programme, readProgramme as programmeOf } from '@handrail/core/device';
import { clientOf } from '../home/client.ts';

/** Throws `signature.invalid` where it does not follow from the charter of `fingerprint`. */
export function readProgramme(url: string, fingerprint: string): Promise<Programme> {
  return programmeOf(clientOf(url, undefined), fingerprint);
}
