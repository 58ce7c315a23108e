// The one place where the agent reads its environment.
export interface Surroundings {
  readonly display: string | undefined;
  readonly sessionBus: string | undefined;
}

export function surroundings(): Surroundings {
  const { DISPLAY, DBUS_SESSION_BUS_ADDRESS } = process.env;
  return { display: DISPLAY || undefined, sessionBus: DBUS_SESSION_BUS_ADDRESS || undefined };
}
