import { open } from 'node:fs/promises';
import type { z } from 'zod';
import { writeSafetensors } from '../../../shared/binary/index.ts';
import type { MotionResult } from '../../../shared/contract/index.ts';
import { EXPRESSIONS, LANDMARKS, LandmarkPoser, openAvatar, rotationVector } from '../avatar/index.ts';
import { type MediaTools, readSound, refuseSilence, soundSeconds } from '../media/index.ts';
import { settle } from '../settle.ts';
import { frameCount, Take, takeFrames } from '../takes/index.ts';

export interface MotionRequest {
  readonly tools: MediaTools;
  readonly avatarPath: string;
  readonly audioPath: string;
  /** A .safetensors file. */
  readonly outPath: string;
  readonly threads?: number;
}

/**
 * Writes what a recording drives, one row a frame at the avatar's rate: `expression` [T,64], `pose` [T,6] (rotation
 * vector head to camera in radians, translation in cm) and `landmarks` [T,478,3] (head space, cm, without pose).
 * Raises what opening the avatar and reading the sound raise. `xRealtime` counts sound to motion, not start-up.
 */
export async function writeMotion({ tools, avatarPath, audioPath, outPath, threads }: MotionRequest, signal?: AbortSignal): Promise<z.infer<typeof MotionResult>> {
  const sound = await readSound(tools, audioPath, { signal });
  refuseSilence(sound);
  const avatar = await openAvatar(avatarPath, { graph: 'fast', threads });
  try {
    const { fps } = avatar.manifest.source;
    const take = Take.parse({ version: 1, fps, audio: { path: audioPath, seconds: soundSeconds(sound) } });
    const frames = frameCount(take.audio.seconds, fps);
    const begin = performance.now();
    const spoken = await avatar.motion(sound.samples, fps, frames);
    const expression = new Float32Array(frames * EXPRESSIONS);
    const pose = new Float32Array(frames * 6);
    const landmarks = new Float32Array(frames * LANDMARKS * 3);
    const poser = new LandmarkPoser(avatar.rig);
    let frame = 0;
    for (const { control } of takeFrames(take, avatar.rig, avatar.idle, spoken)) {
      signal?.throwIfAborted();
      expression.set(control.expression, frame * EXPRESSIONS);
      pose.set([...rotationVector(control.rotation), ...control.translation], frame * 6);
      poser.pose(control, landmarks.subarray(frame * LANDMARKS * 3, (frame + 1) * LANDMARKS * 3));
      frame += 1;
    }
    const seconds = (performance.now() - begin) / 1000;
    const bytes = writeSafetensors(
      {
        expression: { shape: [frames, EXPRESSIONS], values: expression },
        pose: { shape: [frames, 6], values: pose },
        landmarks: { shape: [frames, LANDMARKS, 3], values: landmarks },
      },
      { format: 'likeness.motion', version: '1', fps: String(fps), avatar: avatar.id },
    );
    await writeWhole(outPath, bytes);
    return { path: outPath, frames, fps, xRealtime: take.audio.seconds / seconds };
  } finally {
    await avatar.close();
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  const file = await open(partial, 'w');
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  await settle(partial, path);
}
