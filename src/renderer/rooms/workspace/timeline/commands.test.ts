import { expect, test, vi } from 'vitest';
import { parseShortcut } from '../../../ground/actions/index.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { COMMANDS } from './commands.ts';
import type { Desk } from './edits.ts';
import { NOTHING, someClips, type Selection } from './selection.ts';

/** A desk with one sound from 1 to 5 seconds and the playhead at `now`; `take` is what the last edit made of it. */
function desk(now: number, selection: Selection = NOTHING) {
  const clips = [{ id: 'a', sound: 's', at: 1, start: 0, seconds: 4 }];
  const keys = [0.5, 2].map((at) => ({ id: `k${at}`, at, value: at, curve: 'smooth' as const }));
  const lanes = { 'head.yaw': { keys, muted: false, solo: false } };
  const before = { clips, markers: [], range: null, removed: [], lanes } as unknown as Take;
  const after = { take: before };
  const seek = vi.fn<(seconds: number) => void>();
  const held = {
    take: before,
    edit: (_: string, change: (take: Take) => Take) => void (after.take = change(after.take)),
    selection,
    select: vi.fn<(selection: Selection) => void>(),
    project: { sounds: [{ id: 's', seconds: 4 }], source: { fps: 25 } },
    ranges: null,
    transport: { now: () => now, seek, state: { duration: 8 }, frames: { floor: (seconds: number) => seconds } },
    canUndo: null,
    canRedo: null,
  } as unknown as Desk;
  return { held, after, seek };
}
const command = (id: string) => COMMANDS.find((one) => one.id === id)!;
const offered = (held: Desk): readonly string[] =>
  COMMANDS.filter(({ enabled }) => enabled?.(held) ?? true).map(({ id }) => id);

test('every command has an id and keys of its own, written as shortcuts are', () => {
  const keys = COMMANDS.flatMap(({ shortcuts = [] }) => shortcuts);
  expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.map(parseShortcut)).toEqual(keys);
});

test('what has nothing to work on is not offered', () => {
  const { held } = desk(3);
  const missing = ['timeline.go-in', 'timeline.copy', 'timeline.delete', 'timeline.deselect', 'edit.undo', 'edit.redo'];
  expect(missing.filter((id) => offered(held).includes(id))).toEqual([]);
  expect(offered(held)).toContain('timeline.split');
  expect(offered(desk(3, someClips(['a'])).held)).toContain('timeline.copy');
  expect(offered(desk(3, someClips(['gone'])).held)).not.toContain('timeline.copy');
});

test('a sound is split and trimmed at the playhead', () => {
  const split = desk(3);
  command('timeline.split').run(split.held);
  expect(split.after.take.clips.map(({ at, start, seconds }) => [at, start, seconds])).toEqual([
    [1, 0, 2],
    [3, 2, 2],
  ]);
  const trimmed = desk(3);
  command('timeline.trim-start').run(trimmed.held);
  expect(trimmed.after.take.clips.map(({ at, start, seconds }) => [at, start, seconds])).toEqual([[3, 2, 2]]);
});

test('the playhead goes from edge to edge', () => {
  const { held, seek } = desk(3);
  command('playback.next').run(held);
  command('playback.previous').run(held);
  expect(seek.mock.calls).toEqual([[5], [1]]);
});

test('keyframes are gone to, added, copied to the playhead, and get another curve', () => {
  const chosen = { 'head.yaw': new Set(['k2']) };
  const selection = { kind: 'keys', chosen, lane: 'head.yaw' } as const;
  const { held, after, seek } = desk(1, selection);
  const keys = () => after.take.lanes['head.yaw']!.keys;
  expect(offered(desk(1).held)).not.toContain('edit.copy');
  command('keys.next').run(held);
  command('keys.previous').run(held);
  expect(seek.mock.calls).toEqual([[2], [0.5]]);
  command('keys.hold').run(held);
  expect(keys().map(({ curve }) => curve)).toEqual(['smooth', 'hold']);
  command('edit.copy').run(held);
  command('edit.paste').run(held);
  expect(keys().map(({ at, value }) => [at, value])).toEqual([
    [0.5, 0.5],
    [1, 2],
    [2, 2],
  ]);
  command('timeline.delete').run(held);
  expect(keys().map(({ at }) => at)).toEqual([0.5, 1]);
  command('lane.mute').run(held);
  expect(after.take.lanes['head.yaw']!.muted).toBe(true);
  const other = desk(3, selection);
  command('keys.add').run(other.held);
  expect(other.after.take.lanes['head.yaw']!.keys.map(({ at }) => at)).toEqual([0.5, 2, 3]);
});
