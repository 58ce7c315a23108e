// Paints boxes of a picture black. A tile that is not exact goes black as a whole.
import type { Box } from '../events/index.ts';
import { coloursOf, type Picture, type Tile, type TilePlace, tilePlaces } from './picture.ts';
import { tileOfColours } from './tile.ts';

const black: Tile = { kind: 'flat', colour: 0 };

/** The same picture with nothing left in `boxes`; boxes may lie outside of it. */
export function filledPicture(picture: Picture, boxes: readonly Box[]): Picture {
  const tiles = tilePlaces(picture).map((place, at) => {
    const tile = picture.tiles[at] ?? black;
    const parts = boxes.map((box) => partOf(place, box)).filter((part) => part !== undefined);
    return parts.length === 0 ? tile : filledTile(tile, place, parts);
  });
  return { ...picture, tiles };
}

/** What of the tile lies in the box, counted from the tile's corner. */
function partOf(place: TilePlace, box: Box): Box | undefined {
  const left = Math.max(0, box.x - place.x);
  const top = Math.max(0, box.y - place.y);
  const right = Math.min(place.width, box.x + box.width - place.x);
  const bottom = Math.min(place.height, box.y + box.height - place.y);
  if (left >= right || top >= bottom) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function filledTile(tile: Tile, place: TilePlace, parts: readonly Box[]): Tile {
  if (tile.kind === 'coarse') return black;
  const colours = coloursOf(tile, place, new Uint32Array(place.width * place.height));
  for (const { x, y, width, height } of parts) {
    for (let row = y; row < y + height; row++) {
      colours.fill(0, row * place.width + x, row * place.width + x + width);
    }
  }
  return tileOfColours(colours);
}
