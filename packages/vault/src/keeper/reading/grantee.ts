// Who opens under a grant, as the participants concerned are told: the holder's role, and their id
// in the charter, which is public.
import { HandrailError } from '@handrail/core/errors';
import type { OpenedBy } from '@handrail/core/opening';
import type { Charter, Grant } from '@handrail/core/statement';

export function granteeOf(charter: Charter, { holder }: Grant): OpenedBy {
  const person = charter.persons.find(({ id }) => id === holder);
  if (person !== undefined) return { kind: 'person', id: person.id, role: person.role };
  throw new HandrailError('access.denied', 'The holder of the grant is not in the charter.');
}
