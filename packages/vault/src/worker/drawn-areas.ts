// Whether a frame shows no pixel of a skeleton context. The device draws its layout; whatever is no
// drawing may be the picture itself.
import { isDrawn, type RuleOf } from '@handrail/core/redact';
import type { Frame } from '@handrail/core/segment';
import type { FramePixels } from './decode-frames.ts';

/** False where an area of a skeleton context shows more than a drawing, as far as it is seen. */
export function areDrawn({ areas }: Frame, shown: FramePixels, ruleOf: RuleOf): boolean {
  const { width, height, pixels: rgb } = shown;
  // Areas are listed from top to bottom.
  const boxes = areas.map(({ box }) => box);
  return areas.every(({ context, box }, at) => {
    if (ruleOf(context).mode !== 'skeleton') return true;
    return isDrawn({ width, height, rgb }, box, boxes.slice(0, at));
  });
}
