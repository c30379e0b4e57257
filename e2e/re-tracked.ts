import { readFileSync } from 'node:fs';
import { floats, parseSafetensors } from '../src/shared/binary/index.ts';
import type { Take } from '../src/shared/domain/take.ts';
import { apertures, filmedPerson, type Movement, movementAt, openAvatar } from '../src/main/studio/engine/index.ts';
import type { Studio } from '../src/main/studio/studio.ts';
import { hear, mannerOf, performanceOf, wholeSound } from '../src/main/studio/takes/index.ts';

/** What an analysis sees in a film, a number for each of its frames. */
export interface Seen {
  /** Degrees, as lanes count them. */
  readonly yaw: readonly number[];
  readonly pitch: readonly number[];
  readonly gazeYaw: readonly number[];
  /** How far the lips are apart, in the distance of the eyes. */
  readonly opening: readonly number[];
}

/** Has a film analysed as any video is, by a project of its own that stays. */
export async function seenIn(studio: Studio, path: string, fps: number): Promise<Seen> {
  const consent = { basis: 'synthetic', note: '' } as const;
  const { projectId } = await studio.projects.importVideo({ path, name: 'Film', consent });
  const { frames } = await studio.training.analyze(projectId).result;
  const file = parseSafetensors(readFileSync(studio.library.paths.track(projectId)));
  const { head, gaze } = filmedPerson(file);
  const each = (movement: Movement) => Array.from({ length: frames }, (_, k) => movementAt(movement, k / fps));
  const opening = [...floats(file, 'aperture', ['T'])];
  return { yaw: each(head.yaw), pitch: each(head.pitch), gazeYaw: each(gaze.yaw), opening };
}

/** How far the lips are apart in a take as its avatar performs it. */
export async function performedOpening(studio: Studio, project: string, take: Take, frames: number): Promise<number[]> {
  const avatar = await openAvatar(studio.library.paths.avatar(project), { threads: 1 });
  try {
    const { fps } = avatar.manifest.source;
    const sounds = (sound: string) => studio.timeline.soundFile(project, sound);
    const { samples } = await wholeSound(await studio.tools(), sounds, take, new AbortController().signal);
    const said = await hear(avatar, { samples, begins: 0 }, { fps, end: frames });
    const { pose, speech, lanes } = take;
    const performance = performanceOf(avatar, { pose, manner: mannerOf(avatar, speech, lanes), said, lanes });
    return Array.from(
      { length: frames },
      (_, frame) => apertures(avatar.rig, performance.frame(frame).control.expression)[0]!,
    );
  } finally {
    await avatar.close();
  }
}

/** Pearson's. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  return x.reduce((sum, value, k) => sum + value * y[k]!, 0) / (Math.hypot(...x) * Math.hypot(...y));
}

/** How far apart values are in all but a twentieth of the frames. */
export function apart(a: readonly number[], b: readonly number[]): number {
  const away = a.map((value, frame) => Math.abs(value - b[frame]!)).toSorted((x, y) => x - y);
  return away[Math.ceil(0.95 * away.length) - 1]!;
}
