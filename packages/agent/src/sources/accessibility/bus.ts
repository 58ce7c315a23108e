// The accessibility bus (AT-SPI 2 over D-Bus), found through the session bus of a given address.
import { HandrailError } from '@handrail/core/errors';
import { type Bus, connectBus, type ObjectRef } from '../dbus/bus.ts';

/** One accessible object: its application's bus name and its path. */
export type NodeRef = ObjectRef;
export type AccessibilityBus = Bus;

/** Connects by the session bus's address. Throws `capture.unavailable`. */
export async function connectAccessibility(sessionAddress: string): Promise<AccessibilityBus> {
  await using session = await connectBus(sessionAddress);
  const registry = { name: 'org.a11y.Bus', path: '/org/a11y/bus' };
  const answer = await session.call(registry, 'org.a11y.Bus', 'GetAddress');
  const address = answer?.[0];
  if (typeof address !== 'string' || address === '') throw unavailable();
  return connectBus(address);
}

function unavailable(): HandrailError {
  const message = 'Start the desktop with an accessibility bus (at-spi2-core) first.';
  return new HandrailError('capture.unavailable', message);
}
