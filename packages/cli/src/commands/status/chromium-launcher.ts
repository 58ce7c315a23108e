// A starter for Chromium with which it joins the accessibility bus: without these settings neither
// its fields nor its addresses are known, and so nothing of it is recorded.

export const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome'] as const;

export const chromiumLauncher = `#!/bin/sh
# Starts Chromium so that fields and addresses are known to assistive programs, and to Handrail.
export ACCESSIBILITY_ENABLED=1 GNOME_ACCESSIBILITY=1
for program in ${chromiumNames.join(' ')}; do
  if command -v "$program" >/dev/null 2>&1; then
    exec "$program" --force-renderer-accessibility "$@"
  fi
done
echo "Install chromium first." >&2
exit 2
`;
