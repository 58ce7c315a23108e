// actions.parquet: one row per action, columns in a fixed order with fixed encodings, so that the
// same rows give the same bytes. Row groups are small because rows carry images.
import { type ActionRow, rowsOf, type Trajectory } from '@handrail/core/dataset';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';

const rowsPerGroup = 500;

const columns: readonly (readonly [
  name: keyof ActionRow,
  type: 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN' | 'BYTE_ARRAY',
  presence: 'required' | 'optional',
])[] = [
  ['row_id', 'STRING', 'required'],
  ['trajectory', 'STRING', 'required'],
  ['index', 'INT32', 'required'],
  ['instruction', 'STRING', 'required'],
  ['kind', 'STRING', 'required'],
  ['button', 'STRING', 'optional'],
  ['modifiers', 'STRING', 'optional'],
  ['x', 'INT32', 'optional'],
  ['y', 'INT32', 'optional'],
  ['path', 'STRING', 'optional'],
  ['text', 'STRING', 'optional'],
  ['keys', 'STRING', 'optional'],
  ['dx', 'DOUBLE', 'optional'],
  ['dy', 'DOUBLE', 'optional'],
  ['count', 'INT32', 'optional'],
  ['started_at', 'DOUBLE', 'required'],
  ['ended_at', 'DOUBLE', 'required'],
  ['events_from', 'INT32', 'required'],
  ['events_to', 'INT32', 'required'],
  ['display_width', 'INT32', 'optional'],
  ['display_height', 'INT32', 'optional'],
  ['frame_id', 'STRING', 'optional'],
  ['frame_age_ms', 'INT32', 'optional'],
  ['damage_pending', 'BOOLEAN', 'required'],
  ['frame', 'BYTE_ARRAY', 'optional'],
  ['segments', 'STRING', 'required'],
  ['context_app', 'STRING', 'optional'],
  ['context_origin', 'STRING', 'optional'],
];

export function parquetOf(trajectories: readonly Trajectory[]): Uint8Array {
  const rows = [...rowsOf(trajectories)];
  const columnData = columns.map(([name, type, presence]): ColumnSource => {
    const data = rows.map((row) => row[name]);
    const nullable = presence === 'optional';
    if (name !== 'frame') return { name, data, type, nullable };
    // Images are compressed already, and their bounds mean nothing.
    return {
      name,
      data,
      type,
      nullable,
      codec: 'UNCOMPRESSED',
      encoding: 'PLAIN',
      statistics: false,
    };
  });
  const options = { columnData, rowGroupSize: rowsPerGroup, createdBy: 'handrail' };
  return new Uint8Array(parquetWriteBuffer(options));
}
