// The events that may leave the memory of a device, and their parts.
export * from './event.ts';
