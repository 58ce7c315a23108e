// The columns of a Parquet file, each put together over its rows, as another library reads them.
import { parquetReadObjects } from 'hyparquet';
import { collect, PieceBook, type Pieces } from './pieces.ts';

/** Empty for bytes that are no Parquet file. */
export async function parquetPieces(bytes: Buffer): Promise<Pieces> {
  const pieces = new PieceBook();
  if (bytes.toString('latin1', 0, 4) !== 'PAR1') return pieces;
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  for (const row of await parquetReadObjects({ file })) collect('', row, pieces);
  return pieces;
}
