import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StagedDisplay, startDisplay } from '../display/display.ts';
import { waitFor } from '../display/observed.ts';
import { agreeManifest, type Organisation, startOrganisation } from '../organisation.ts';
import { describeWith, desktopPrograms } from '../require.ts';
import { AgentProcess } from './agent-process.ts';

const noWindow = ['--review-window', '0s'] as const;

describeWith(desktopPrograms, 'the agent as a process', () => {
  const stack = new AsyncDisposableStack();
  let organisation: Organisation;
  let display: StagedDisplay;
  let homes = 0;

  beforeAll(async () => {
    organisation = stack.use(await startOrganisation());
    display = stack.use(await startDisplay({ width: 1024, height: 768, bus: true }));
    const note = organisation.path('note.txt');
    await writeFile(note, '');
    await display.startApp('mousepad', ['--disable-server', note]);
    await waitFor('the editor', async () => {
      const found = await display.xdotool('search', '--class', 'mousepad').catch(() => '');
      return found === '' ? undefined : true;
    });
    await agreeManifest(organisation, [{ app: 'mousepad', mode: 'full' }]);
  });
  afterAll(() => stack.disposeAsync());

  async function joined(): Promise<string> {
    homes += 1;
    const home = organisation.path(`home-${homes}`);
    const { url, invite } = organisation;
    const args = ['join', url, '--invite', invite, '--name', `P${homes}`, '--accept'];
    await organisation.handrail(home, ...args);
    return home;
  }

  async function type(words: string): Promise<void> {
    await display.xdotool('mousemove', '300', '300', 'click', '1', 'sleep', '0.4');
    await display.xdotool('type', '--delay', '20', words);
    await display.xdotool('sleep', '0.4');
  }

  async function isKept(words: string): Promise<boolean> {
    const files = await organisation.everyFile();
    return [...files].some(
      ([path, bytes]) => !path.startsWith('note.txt') && bytes.includes(words),
    );
  }

  test('it records, hands in on SIGTERM and leaves nothing behind', async () => {
    const home = await joined();
    await using agent = AgentProcess.start(home, display, ...noWindow);
    await agent.until('recording');
    await organisation.handrail(home, 'task', 'start', 'write a note');
    await type('milk and bread');
    await organisation.handrail(home, 'task', 'end');
    expect(await agent.end('SIGTERM')).toBe(0);
    await organisation.handrail(home, 'wait', '--timeout', '60s');
    const { trajectories } = await organisation.handrail(home, 'mine', 'list');
    const [first] = trajectories as { readonly id: string }[];
    const shown = await organisation.handrail(home, 'mine', 'show', first?.id ?? '');
    expect(shown).toMatchObject({ instruction: 'write a note' });
    expect(JSON.stringify(shown)).toContain('milk and bread');
    expect(await isKept('milk and bread')).toBe(false);
  });

  test('pausing and resuming are told at once, and what came between is not kept', async () => {
    const home = await joined();
    await using agent = AgentProcess.start(home, display, ...noWindow);
    await agent.until('recording');
    await organisation.handrail(home, 'pause', '5m');
    expect(agent.state).toBe('paused');
    await type('between');
    expect(await organisation.handrail(home, 'status')).toMatchObject({ state: 'paused' });
    await organisation.handrail(home, 'resume');
    await agent.until('recording');
    await type('after');
    expect(await agent.end('SIGTERM')).toBe(0);
    await organisation.handrail(home, 'wait', '--timeout', '60s');
    const { trajectories } = await organisation.handrail(home, 'mine', 'list');
    const shown = await Promise.all(
      (trajectories as { readonly id: string }[]).map(({ id }) =>
        organisation.handrail(home, 'mine', 'show', id),
      ),
    );
    expect(JSON.stringify(shown)).toContain('after');
    expect(JSON.stringify(shown)).not.toContain('between');
  });

  test('in the review window nothing is due, and forgetting leaves no file', async () => {
    const home = await joined();
    await using agent = AgentProcess.start(home, display);
    await agent.until('recording');
    await type('a thought to forget');
    expect(await agent.end('SIGTERM')).toBe(0);
    const spool = async () => (await readdir(join(home, 'spool'))).length;
    expect(await spool()).toBeGreaterThan(0);
    expect(await organisation.handrail(home, 'status')).toMatchObject({
      segments: { accepted: 0 },
    });
    await organisation.handrail(home, 'forget', 'all');
    expect(await spool()).toBe(0);
  });

  test('killed, it leaves no plaintext, and what was sealed is handed in later', async () => {
    const home = await joined();
    await using agent = AgentProcess.start(home, display, '--review-window', '1s');
    await agent.until('recording');
    await organisation.handrail(home, 'task', 'start', 'one');
    await type('sealed before the end');
    await organisation.handrail(home, 'task', 'end');
    await waitFor('a segment in the spool', async () => {
      const names = await readdir(join(home, 'spool'));
      return names.some((name) => name.endsWith('.json')) ? true : undefined;
    });
    await type('only in memory');
    await agent.end('SIGKILL');
    expect(await isKept('sealed before the end')).toBe(false);
    expect(await isKept('only in memory')).toBe(false);
    await using again = AgentProcess.start(home, display, ...noWindow);
    await again.until('recording');
    expect(await again.end('SIGTERM')).toBe(0);
    const { segments } = await organisation.handrail(home, 'status');
    expect((segments as { readonly accepted: number }).accepted).toBeGreaterThanOrEqual(1);
  });

  test('without the indicator nothing is recorded', async () => {
    const home = await joined();
    await using agent = AgentProcess.start(home, display, ...noWindow);
    await agent.until('recording');
    process.kill(await childOf(agent.pid), 'SIGKILL');
    await agent.until('off');
    await type('unseen');
    const { dropped } = await organisation.handrail(home, 'status');
    expect(dropped).toHaveProperty('indicator');
    expect(await agent.end('SIGTERM')).toBe(0);
  });

  test('withdrawing stops the agent at once, and no other starts', async () => {
    const home = await joined();
    await using agent = AgentProcess.start(home, display, ...noWindow);
    await agent.until('recording');
    await organisation.handrail(home, 'withdraw');
    await agent.until('withdrawn');
    expect(await agent.end('SIGTERM')).toBe(0);
    const { url, invite } = organisation;
    const again = await organisation.run('agent', '--home', home, '--json');
    expect(again.code, `${url} ${invite}`).not.toBe(0);
  });

  test('a second agent for one home is refused with a sentence', async () => {
    const home = await joined();
    await using agent = AgentProcess.start(home, display, ...noWindow);
    await agent.until('recording');
    const second = await organisation.run('agent', '--home', home, '--json');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/already running/);
    expect(await agent.end('SIGTERM')).toBe(0);
  });
});

/** The indicator is the agent's only child. */
async function childOf(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}
