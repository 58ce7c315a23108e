// Test files that run beside a recorded session leave it the processor: what their threads and
// processes do comes after it. A desktop that has to wait for its turn is not seen in time.
import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

const less = 10;

// On Linux each thread has its own; threads and processes that are started later inherit it.
const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0];
for (const thread of threads) setPriority(thread, less);
