// Chromium as a recorded application: a fresh profile, accessibility on, and no traffic of its own.
import type { Environment } from './processes.ts';

export interface ChromiumOptions {
  readonly width?: number;
  readonly height?: number;
  readonly moreArguments?: readonly string[];
}

const quietArguments = [
  // The stage also runs as root, for which Chromium has no sandbox.
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-search-engine-choice-screen',
  '--disable-gpu',
  '--password-store=basic',
  '--metrics-recording-only',
  '--force-renderer-accessibility',
] as const;

/** Chromium joins the accessibility bus only when it is started with these. */
export const chromiumEnvironment: Environment = {
  ACCESSIBILITY_ENABLED: '1',
  GNOME_ACCESSIBILITY: '1',
};

export function chromiumArguments(
  profile: string,
  url: string,
  options: ChromiumOptions,
): readonly string[] {
  const { width = 1000, height = 700 } = options;
  return [
    ...quietArguments,
    `--user-data-dir=${profile}`,
    `--window-size=${width},${height}`,
    '--window-position=0,0',
    ...(options.moreArguments ?? []),
    url,
  ];
}
