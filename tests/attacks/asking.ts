// How an attacker asks with keys that are really theirs, without the command line in between.
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import type { ClientContext } from '@handrail/core/wire';

/** Asks as the device of a home does. */
export async function deviceClient(url: string, home: string): Promise<ClientContext> {
  return clientOf(url, await deviceSigner(await new Home(home).device()));
}
