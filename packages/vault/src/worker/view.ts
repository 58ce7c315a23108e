// A view: one trajectory, sealed to its reader and to nobody else.
import { utf8 } from '@handrail/core/bytes';
import { encodeView } from '@handrail/core/dataset';
import { sealBox } from '@handrail/core/seal';
import { openTrajectory } from './open-sealed.ts';
import type { ViewResult, ViewTask } from './task.ts';

export async function view(task: ViewTask): Promise<ViewResult> {
  const content = encodeView(await openTrajectory(task.bytes, task.contentKey));
  const { bytes } = await sealBox(task.readingKey, 'reading', utf8(task.aad), content);
  return { kind: 'view', box: bytes };
}
