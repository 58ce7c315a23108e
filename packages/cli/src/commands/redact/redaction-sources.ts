// Lets redaction read its word lists, in whatever command needs them.
import { readFileSync } from 'node:fs';
import { useSources } from '@handrail/core/redact';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

useSources({ readFile: (address) => readFileSync(new URL(address)), secretRules: rules });
