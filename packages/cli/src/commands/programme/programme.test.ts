import { type Organisation, startOrganisation } from '@handrail/testbed/organisation';
import { afterAll, beforeAll, expect, test } from 'vitest';

let organisation: Organisation;

beforeAll(async () => {
  organisation = await startOrganisation();
});
afterAll(() => organisation[Symbol.asyncDispose]());

const say = (home: string, word: 'show' | 'halt' | 'resume') =>
  organisation.handrail(home, 'programme', word);

test('one person halts; two roles resume, signing one after the other', async () => {
  const { stewardHome, officerHome, researcherHome } = organisation;
  const running = { state: 'running', programmeEpoch: 1, resumeSignatures: 0 };
  expect(await say(researcherHome, 'show')).toEqual(running);
  await expect(say(researcherHome, 'halt')).rejects.toThrow(/Stewards, officers and incident/);
  const halted = { state: 'halted', programmeEpoch: 2, resumeSignatures: 0 };
  expect(await say(stewardHome, 'halt')).toEqual(halted);
  expect(await say(officerHome, 'halt')).toEqual(halted);
  for (const _again of [1, 2]) {
    expect(await say(stewardHome, 'resume')).toEqual({ ...halted, resumeSignatures: 1 });
  }
  expect(await say(officerHome, 'resume')).toEqual({ ...running, programmeEpoch: 3 });
  expect(await say(officerHome, 'resume')).toEqual({ ...running, programmeEpoch: 3 });
});
