// Names what redaction needs from outside core. For tests that redact without a device or a vault.
import { readFileSync } from 'node:fs';
import { useSources } from '@handrail/core/redact';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

useSources({ readFile: (address) => readFileSync(new URL(address)), secretRules: rules });
