import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TINY } from '../../src/main/studio/engine/bundles.fixture.ts';
import { openStudio } from '../../src/main/studio/studio.ts';
import { handOver } from './ordinary-user.ts';

/** What the tests of the Electron host work on, in a folder of their own that the program's user may write to. */
export interface House {
  readonly library: string;
  /** A project of an avatar alone, so tiny that nothing has to be trained for it, with a film of ten bytes. */
  readonly avatar: string;
  /** A project of a video of two seconds. */
  readonly clip: string;
  /** Videos that are in no project yet: their names want care in a menu. */
  readonly videos: readonly [string, string];
  /** Stands for Python: a job of the trainer goes on until it is cancelled, or its program is gone. */
  readonly neverDone: string;
}

export async function makeHouse(folder: string): Promise<House> {
  const files = join(folder, 'files');
  mkdirSync(files);
  const library = join(folder, 'library');
  const studio = openStudio({ libraryDir: library });
  const { ffmpeg } = await studio.tools();
  const clip = join(files, 'clip.mp4');
  execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=25:d=2', '-pix_fmt', 'yuv420p', clip]);
  const videos = [join(files, 'A talk & more.mp4'), join(files, 'second.mp4')] as const;
  for (const video of videos) cpSync(clip, video);
  const { projectId: avatar } = await studio.avatars.importBundle(TINY, 'Tiny');
  const consent = { basis: 'synthetic', note: '' } as const;
  const { projectId: ofClip } = await studio.projects.importVideo({ path: clip, name: 'Clip', consent });
  mkdirSync(studio.library.paths.exports(avatar), { recursive: true });
  writeFileSync(join(studio.library.paths.exports(avatar), 'a film.mp4'), '0123456789');
  await studio.close();
  const neverDone = join(files, 'never-done');
  writeFileSync(neverDone, '#!/bin/sh\nread -r job\nread -r cancel\n', { mode: 0o755 });
  handOver(folder);
  return { library, avatar, clip: ofClip, videos, neverDone };
}
