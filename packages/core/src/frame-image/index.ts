// The images of frames within a segment: tiles, of which only those that changed are written.
export { coarsePicture } from './coarse.ts';
export { readPicture } from './decode.ts';
export { writePicture } from './encode.ts';
export { filledPicture } from './fill.ts';
export {
  isExact,
  type Picture,
  type PictureSize,
  picturePixelsMax,
  rgbOf,
  type Tile,
  tileEdge,
} from './picture.ts';
export { type Rows, rowOfTiles, tileRows } from './tile.ts';
