// Lets redaction read its word lists. For what redacts on the device.
import { readFileSync } from 'node:fs';
import { useWordFiles } from '@handrail/core/redact';

useWordFiles((address) => readFileSync(new URL(address)));
