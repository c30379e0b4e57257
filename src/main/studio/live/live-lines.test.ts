import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { PLAIN_SPEECH, type Take } from '../../../shared/domain/take.ts';
import { TINY } from '../engine/bundles.fixture.ts';
import { findInstallation } from '../system/environment.ts';
import { locateMediaTools, readSound } from '../media/index.ts';
import { openAvatar } from '../engine/index.ts';
import { LiveLines } from './index.ts';
import { TestLine } from './line.fixture.ts';

const VOICE = join(fileURLToPath(new URL('../../../../resources/sample', import.meta.url)), 'other-voice.wav');
const installation = findInstallation();
const tools = await locateMediaTools(installation.venv);
const lines = new LiveLines({
  avatars: {
    networks: () => ({ choice: 'cpu', memory: '', run: '' }),
    shownPath: async () => TINY,
    findHubert: async () => ({ notice: 'It is not here.' }),
    requireConsent: () => undefined,
  },
  tools: async () => tools,
  timeline: { soundFile: async () => VOICE },
  voices: { script: async () => null },
  settings: { get: () => ({ threads: 1 }) as never },
  installation,
});
afterAll(() => lines.close());

const take = (at: number): Take => ({
  version: 2,
  clips: [{ id: 'a', sound: 'source', at, start: 0.5, seconds: 2 }],
  pose: { kind: 'source', startFrame: 0 },
  speech: PLAIN_SPEECH,
  lanes: {},
  range: null,
  markers: [],
  muted: [],
  solo: [],
  removed: [],
});

it('speaks the clips of a take where they lie, as the engine speaks that part of the file', async () => {
  const line = new TestLine();
  const session = lines.connect(line);
  session.receive(JSON.stringify({ type: 'open', projectId: 'p', height: 200 }));
  session.receive(JSON.stringify({ type: 'take', serial: 1, take: take(0) }));
  session.receive(JSON.stringify({ type: 'frame', serial: 2, frame: 3 }));
  await line.picture(2);
  const { aperture } = await line.next('motion');
  session.receive(JSON.stringify({ type: 'take', serial: 3, take: take(1) }));
  const later = await line.next('motion', 2);
  expect([aperture.length, later.frames]).toEqual([50, 75]);
  for (let frame = 2; frame < 48; frame++) expect(later.aperture[frame + 25]).toBeCloseTo(aperture[frame]!, 1);

  const avatar = await openAvatar(TINY, { threads: 1, graph: 'fast' });
  const { samples } = await readSound(tools, VOICE);
  const { pitch } = await avatar.speak(samples.slice(8000, 8000 + 32_000), 25, 50);
  await avatar.close();
  const { pitch: live } = line.of('motion')[0]!;
  expect(live.map((hertz) => hertz === null)).toEqual(Array.from(pitch, Number.isNaN));
  session.close();
});

it('gives an engine to so many windows and no more', () => {
  const windows = Array.from({ length: 17 }, () => new TestLine());
  const sessions = windows.map((line) => lines.connect(line));
  expect(windows.map(({ closed }) => closed)).toEqual([...Array.from({ length: 16 }, () => false), true]);
  expect(windows[16]!.of('failed')).toMatchObject([{ serial: null, error: { code: 'busy' } }]);
  for (const session of sessions) session.close();
  const next = new TestLine();
  lines.connect(next).close();
  expect(next.closed).toBe(false);
});
