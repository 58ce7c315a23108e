// Every rule there is, loaded once: a rule that may not load stops the process from starting.
import { loadRules } from '../rule.ts';
import { contactRules } from './contact.ts';
import { ageRules, dateRules } from './dates.ts';
import { documentRules } from './documents.ts';
import { groupRules } from './groups.ts';
import { keyShapeRules } from './key-shapes.ts';
import { toolKeyShapeRules } from './key-shapes-tools.ts';
import { labelledRules } from './labelled.ts';
import { nationalIdRules } from './national-ids.ts';
import { networkRules } from './network.ts';
import { paymentRules } from './payment.ts';
import { secretContextRules } from './secret-context.ts';
import { secretFormRules } from './secret-forms.ts';
import { titleRules } from './titles.ts';
import { whereaboutsRules } from './whereabouts.ts';

export const rules = loadRules([
  ...keyShapeRules,
  ...toolKeyShapeRules,
  ...secretFormRules,
  ...secretContextRules,
  ...paymentRules,
  ...nationalIdRules,
  ...contactRules,
  ...networkRules,
  ...documentRules,
  ...labelledRules,
  ...whereaboutsRules,
  ...groupRules,
  ...titleRules,
  ...ageRules,
  ...dateRules,
]);
