// The bytes of a kept frame. Exact wherever they are few enough; what does not pack, such as
// photographs, loses detail, so that no frame takes more than a part of a segment.
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { coarsePicture, type Picture, type Tile, writePicture } from '@handrail/core/frame-image';

const imageBytesMax = 384 * 1024;
/** What is longer than this unpacked is not worth deflating. */
const bodyBytesMax = 6 * 1024 * 1024;
/** The first level costs least; the others save a tenth. */
const level = 1;
const packed = promisify(deflateRaw);

/** Tiles of many colours are photographs; text has few. */
const photographs: readonly Tile['kind'][] = ['full'];
const everything: readonly Tile['kind'][] = ['full', 'palette'];

/**
 * `before` is the picture of the frame kept before it in the same segment. A drawing stays exact
 * (`isDrawn`), however long, so that the vault can see that it is one.
 */
export async function encodeImage(
  picture: Picture,
  before?: Picture,
  isDrawn = false,
): Promise<Uint8Array> {
  if (isDrawn) return bytesOf(await packed(writePicture(picture, before), { level }));
  for (const block of [1, 2, 4]) {
    const shown = block === 1 ? picture : coarsePicture(picture, block, photographs, before);
    const body = writePicture(shown, before);
    if (body.length > bodyBytesMax) continue;
    const image = await packed(body, { level });
    if (image.length <= imageBytesMax) return bytesOf(image);
  }
  const coarsest = coarsePicture(picture, 8, everything, before);
  return bytesOf(await packed(writePicture(coarsest, before), { level }));
}

function bytesOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
