// Names what redaction needs from outside core. For what redacts in the vault.
import { readFileSync } from 'node:fs';
import { useSources } from '@handrail/core/redact';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

useSources({ readFile: (address) => readFileSync(new URL(address)), secretRules: rules });
