// Lets redaction read its word lists. For tests that redact without a device or a vault.
import { readFileSync } from 'node:fs';
import { useWordFiles } from '@handrail/core/redact';

useWordFiles((address) => readFileSync(new URL(address)));
