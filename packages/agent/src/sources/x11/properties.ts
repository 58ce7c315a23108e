// Reads window properties as ICCCM and EWMH define them. A window that has gone meanwhile has none.
import type { Property } from './client.ts';
import type { XConnection } from './connection.ts';

const propertyWordsMax = 1_024;
const stringType = 31;

export interface PropertyReader {
  numbers(wid: number, name: string): Promise<readonly number[]>;
  text(wid: number, name: string): Promise<string | undefined>;
}

/** Atoms are asked for once. */
export function propertyReader(connection: XConnection): PropertyReader {
  const atoms = new Map<string, Promise<number>>();
  const atom = (name: string) => {
    const known = atoms.get(name) ?? connection.atom(name);
    atoms.set(name, known);
    return known;
  };
  const read = async (wid: number, name: string) => {
    const property = await atom(name);
    return connection.tryAsk<Property>((client, done) =>
      client.GetProperty(0, wid, property, 0, 0, propertyWordsMax, done),
    );
  };
  return {
    numbers: async (wid, name) => numbersOf(await read(wid, name)),
    text: async (wid, name) => textOf(await read(wid, name)),
  };
}

function numbersOf(property: Property | undefined): readonly number[] {
  if (property?.format !== 32) return [];
  const count = Math.floor(property.data.length / 4);
  return Array.from({ length: count }, (_, index) => property.data.readUInt32LE(index * 4));
}

function textOf(property: Property | undefined): string | undefined {
  if (property?.format !== 8) return undefined;
  return property.data.toString(property.type === stringType ? 'latin1' : 'utf8');
}
