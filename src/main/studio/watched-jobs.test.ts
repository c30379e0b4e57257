import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Job } from '../../shared/domain/job.ts';
import { waveFile } from './export/wave.fixture.ts';
import { TINY } from './engine/bundles.fixture.ts';
import { identityOf } from './ground/process-identity.ts';
import { scratchFolder, tinyClip } from './media/clips.fixture.ts';
import { openStudio } from './studio.ts';
import { takeOfSound } from './takes/index.ts';

const folder = await scratchFolder();
const studio = openStudio({ libraryDir: join(folder, 'library') });
const { jobs } = studio.library;
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A job that another process runs. */
function anothers(owner: string): string {
  const { id } = jobs.add({ kind: 'say', lane: 'voice', projectId: null, runId: null, request: {} }, owner);
  jobs.claim(id, 1);
  return id;
}
const other = identityOf(process.ppid)!;

it('of another process is followed to its end', async () => {
  const id = anothers(other);
  const states: Job['state']['kind'][] = [];
  for await (const { state } of studio.jobs.watch(id, undefined)) {
    states.push(state.kind);
    const result = { path: join(folder, 'a.wav'), sound: 'f'.repeat(16) };
    jobs.finish(id, { kind: 'done', result }, other);
  }
  expect(states).toEqual(['running', 'done']);
  expect(studio.jobs.made(studio.jobs.get(id))).toEqual({ exports: [], sound: 'f'.repeat(16) });
});

it('of a process that is gone is interrupted', async () => {
  const watched = studio.jobs.watch(anothers('1@never'), undefined);
  expect((await Array.fromAsync(watched)).map(({ state }) => state.kind)).toEqual(['interrupted']);
});

it('is no longer followed when the signal says so, and one that is not there never is', async () => {
  const id = anothers(other);
  const leave = new AbortController();
  for await (const { state } of studio.jobs.watch(id, leave.signal)) {
    expect(state.kind).toBe('running');
    leave.abort();
  }
  jobs.finish(id, { kind: 'cancelled', checkpoint: null, progress: null }, other);
  await expect(studio.jobs.watch('none', undefined).next()).rejects.toMatchObject({ code: 'not-found' });
});

it('an export can say one sound of its project', async () => {
  await tinyClip(join(folder, 'ada.mp4'));
  const ada = { path: join(folder, 'ada.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  const { projectId } = await studio.projects.importVideo(ada);
  copyFileSync(TINY, studio.library.paths.avatar(projectId));
  writeFileSync(join(folder, 'words.wav'), waveFile(new Float32Array(16_000).fill(0.1), 16_000));
  const { id } = await studio.timeline.addSound(projectId, join(folder, 'words.wav'), 'Words');
  const project = studio.library.projects.find(projectId);
  expect(takeOfSound(studio.library, project, id)).toMatchObject({
    clips: [{ sound: id, at: 0, start: 0, seconds: 1 }],
  });
  const film = { mode: 'portrait', height: 128 } as const;
  const none = { kind: 'sound', sound: '0'.repeat(16) } as const;
  expect(() => studio.avatars.exportVideo(projectId, { sound: none, ...film })).toThrow('no such sound');
});
