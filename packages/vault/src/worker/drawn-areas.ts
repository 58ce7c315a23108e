// Whether the frames of a segment show no pixel of a skeleton context. The device draws its layout;
// whatever is no drawing may be the picture itself.
import { isDrawn, type RuleOf } from '@handrail/core/redact';
import type { Frame } from '@handrail/core/segment';
import { rgbPixels } from './images.ts';

/** False where an area of a skeleton context shows more than a drawing, as far as it is seen. */
export async function areDrawn(frames: readonly Frame[], ruleOf: RuleOf): Promise<boolean> {
  for (const frame of frames) if (!(await isFrameDrawn(frame, ruleOf))) return false;
  return true;
}

async function isFrameDrawn(frame: Frame, ruleOf: RuleOf): Promise<boolean> {
  const { areas, image, width, height } = frame;
  const drawn = [...areas.entries()].filter(([, area]) => {
    return ruleOf(area.context).mode === 'skeleton';
  });
  if (drawn.length === 0) return true;
  const rgb = await rgbPixels(image, width, height);
  if (rgb === undefined) return false;
  // Areas are listed from top to bottom.
  const boxes = areas.map(({ box }) => box);
  return drawn.every(([at, { box }]) => isDrawn({ width, height, rgb }, box, boxes.slice(0, at)));
}
