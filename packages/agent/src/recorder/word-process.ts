// Loads the word lists in a process of its own and writes them to its output, for the agent.
import { wordBytes } from '@handrail/core/redact';
import './redaction-sources.ts';

process.stdout.write(wordBytes());
