// D-Bus messages (specification 0.43, "Message Format"): calls that we make, and the answers and
// signals that come.
import { HandrailError } from '@handrail/core/errors';
import { ValueReader } from './read-value.ts';
import type { ValueWriter } from './write-value.ts';

/** Far below the protocol's 128 MiB: no answer to our questions is larger. */
export const messageBytesMax = 16 * 1024 * 1024;
export const fixedHeaderBytes = 16;

export interface MethodCall {
  readonly destination: string;
  readonly path: string;
  readonly iface: string;
  readonly member: string;
  readonly signature: string;
  readonly body: readonly unknown[];
}

export interface Signal {
  readonly kind: 'signal';
  readonly sender: string;
  readonly path: string;
  readonly iface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

export type Incoming =
  | Signal
  | { readonly kind: 'answer'; readonly serial: number; readonly body: readonly unknown[] }
  | { readonly kind: 'refusal'; readonly serial: number }
  /** Calls of others to us: there is nothing here to be called. */
  | { readonly kind: 'other' };

const littleEndian = 0x6c;
const types = { call: 1, answer: 2, refusal: 3, signal: 4 } as const;
const version = 1;
const bodyLengthAt = 4;
const fieldsLengthAt = 12;

type FieldName = 'path' | 'iface' | 'member' | 'destination' | 'sender';
const texts: Readonly<Record<number, FieldName>> = {
  1: 'path',
  2: 'iface',
  3: 'member',
  6: 'destination',
  7: 'sender',
};
const errorNameField = 4;
const replySerialField = 5;
const signatureField = 8;
const filesField = 9;

export function writeCall(writer: ValueWriter, call: MethodCall, serial: number): void {
  writer.begin();
  for (const byte of [littleEndian, types.call, 0, version]) writer.byte(byte);
  const bodyLength = writer.placeholder();
  writer.word(serial);
  const fieldsLength = writer.placeholder();
  const start = writer.length;
  writeText(writer, 1, 'o', call.path);
  writeText(writer, 2, 's', call.iface);
  writeText(writer, 3, 's', call.member);
  writeText(writer, 6, 's', call.destination);
  if (call.signature !== '') {
    beginField(writer, signatureField, 'g');
    writer.signature(call.signature);
  }
  writer.setWord(fieldsLength, writer.length - start);
  writer.align(8);
  const body = writer.length;
  writer.values(call.signature, call.body);
  writer.setWord(bodyLength, writer.length - body);
}

function beginField(writer: ValueWriter, field: number, signature: string): void {
  writer.align(8);
  writer.byte(field);
  writer.signature(signature);
}

function writeText(writer: ValueWriter, field: number, signature: string, text: string): void {
  beginField(writer, field, signature);
  writer.text(text);
}

/** Bytes of the message that begins with these 16. Throws `input.invalid`, `input.too-large`. */
export function messageLength(bytes: Buffer): number {
  if (bytes[0] !== littleEndian || bytes[3] !== version) {
    throw new HandrailError('input.invalid', 'The bus speaks another protocol.');
  }
  const fields = bytes.readUInt32LE(fieldsLengthAt);
  const length = Math.ceil((fixedHeaderBytes + fields) / 8) * 8 + bytes.readUInt32LE(bodyLengthAt);
  if (length > messageBytesMax) {
    throw new HandrailError('input.too-large', 'A message of the bus is too large.');
  }
  return length;
}

/** Reads one whole message. Throws `input.invalid`. */
export function readMessage(bytes: Buffer): Incoming {
  const type = bytes[1];
  const reader = new ValueReader(bytes, fieldsLengthAt);
  const end = fixedHeaderBytes + reader.word();
  const fields = readFields(reader, end, type === types.signal);
  if (type === types.refusal) return { kind: 'refusal', serial: fields.serial };
  if (type !== types.answer && type !== types.signal) return { kind: 'other' };
  reader.align(8);
  const body = reader.values(fields.signature);
  if (type === types.answer) return { kind: 'answer', serial: fields.serial, body };
  const { sender, path, iface, member } = fields;
  return { kind: 'signal', sender, path, iface, member, body };
}

function readFields(reader: ValueReader, end: number, withTexts: boolean) {
  const fields = { sender: '', path: '', iface: '', member: '', destination: '' };
  let [signature, serial] = ['', 0];
  while (reader.at < end) {
    reader.align(8);
    const field = reader.byte();
    const type = reader.signature();
    const name = texts[field];
    if (name && (type === 's' || type === 'o')) {
      if (withTexts) fields[name] = reader.text();
      else reader.skipText();
    } else if (field === replySerialField && type === 'u') serial = reader.word();
    else if (field === signatureField && type === 'g') signature = reader.signature();
    else if (field === errorNameField && type === 's') reader.skipText();
    else if (field === filesField && type === 'u') reader.word();
    else reader.values(type);
  }
  return { ...fields, signature, serial };
}
