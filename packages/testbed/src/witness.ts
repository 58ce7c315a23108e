// The real witness, for tests of whoever relies on one.
export { startWitness, type Witness } from 'handrail/witness/witness';
