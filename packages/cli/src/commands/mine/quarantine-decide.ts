// `mine quarantine release` and `delete`: the owner's decision, signed by this device.
import { decideQuarantine } from '@handrail/agent/enrol/quarantine';
import { Home } from '@handrail/agent/home/home';
import { requireId } from '@handrail/core/ids';
import type { Session } from '../../session.ts';

export async function release(session: Session, _options: object, text = ''): Promise<undefined> {
  const id = requireId('seg', text);
  const leaf = await decideQuarantine(new Home(session.home), 'quarantine-release', id);
  session.out.print({ id, state: 'released', leaf }, [
    `${id} is released: it is refined once more, with what can be masked.`,
  ]);
}

export async function remove(session: Session, _options: object, text = ''): Promise<undefined> {
  const id = requireId('seg', text);
  const leaf = await decideQuarantine(new Home(session.home), 'quarantine-deletion', id);
  session.out.print({ id, state: 'deleted', leaf }, [
    `${id} is deleted: its ciphertext is gone, and no vault opens a copy of it.`,
  ]);
}
