// Lets redaction read its word lists, in whatever command needs them.
import { readFileSync } from 'node:fs';
import { useWordFiles } from '@handrail/core/redact';

useWordFiles((address) => readFileSync(new URL(address)));
