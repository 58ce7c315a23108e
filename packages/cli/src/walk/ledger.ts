// The public record: checked on line, copied, and checked again from the copy alone.
import { join } from 'node:path';
import type { Organisation } from './organisation.ts';
import type { Walk } from './walk.ts';

export async function checkLedger({ line, folders, report }: Walk, { officerHome }: Organisation) {
  await line.run(officerHome, 'ledger', 'verify');
  await line.run(officerHome, 'ledger', 'export', folders.ledger);
  const key = join(folders.ledger, 'verifier-key');
  const { size } = await line.run(officerHome, 'ledger', 'verify', folders.ledger, '--key', key);
  report.figures.ledgerEntries = Number(size);
  report.check('the ledger verifies, on line and copied', Number(size) > 0, `${size} entries`);
}
