/** The motion that a recording drives, as a tensor file: what other programs can animate with. */
import type { z } from 'zod';
import { writeSafetensors } from '../../../shared/binary/index.ts';
import { type MotionResult, StudioError } from '../../../shared/contract/index.ts';
import { frameCount, PLAIN_SPEECH, type Speech } from '../../../shared/domain/take.ts';
import { EXPRESSIONS, LANDMARKS, poseVertices, VERTICES } from '../../../shared/face/index.ts';
import { writeWhole } from '../ground/settle.ts';
import { type Control, type FindHubert, type Networks, openAvatar, type Rig, rotationVector } from '../engine/index.ts';
import { type MediaTools, readSound, refuseSilence, soundSeconds } from '../media/index.ts';
import { hear, mannerOf, performanceOf, variationOf } from '../takes/index.ts';

export interface MotionRequest {
  readonly tools: MediaTools;
  readonly avatarPath: string;
  /** What its networks run on; the processor by default. */
  readonly networks?: Networks;
  /** Finds the HuBERT that the avatar was trained with. */
  readonly hubert?: FindHubert;
  /** Any file with speech; its length is the motion's. */
  readonly audioPath: string;
  /** A `.safetensors` file: `expression` [T,64], `pose` [T,6], `landmarks` [T,478,3]. */
  readonly outPath: string;
  /** What speech does to the face beside what is said; nothing by default. */
  readonly speech?: Speech;
}

/** Outer and inner corner of each eye: right, left. */
const EYE_CORNERS = [
  [33, 133],
  [362, 263],
] as const;
const IRIS_POINTS = 5;

/** Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'bad-bundle' | 'cancelled'). */
export async function writeMotion(
  { tools, avatarPath, networks, hubert, audioPath, outPath, speech = PLAIN_SPEECH }: MotionRequest,
  signal?: AbortSignal,
): Promise<z.infer<typeof MotionResult>> {
  const sound = await readSound(tools, audioPath, signal ? { signal } : {});
  refuseSilence(sound);
  const seconds = soundSeconds(sound);
  const avatar = await openAvatar(avatarPath, { graph: 'best', networks, hubert });
  try {
    const { fps } = avatar.manifest.source;
    const manner = mannerOf(avatar, speech);
    const variation = variationOf(avatar, speech);
    const frames = frameCount(seconds, fps);
    const begin = performance.now();
    const said = await hear(avatar, { samples: sound.samples, begins: 0 }, { fps, end: frames, variation, signal });
    const performed = performanceOf(avatar, { pose: { kind: 'source', startFrame: 0 }, manner, said });
    const expression = new Float32Array(frames * EXPRESSIONS);
    const pose = new Float32Array(frames * 6);
    const landmarks = new Float32Array(frames * LANDMARKS * 3);
    for (let frame = 0; frame < frames; frame++) {
      if (signal?.aborted) throw notWritten();
      const { control } = performed.frame(frame);
      expression.set(control.expression, frame * EXPRESSIONS);
      pose.set([...rotationVector(control.rotation), ...control.translation], frame * 6);
      placeLandmarks(avatar.rig, control, landmarks.subarray(frame * LANDMARKS * 3, (frame + 1) * LANDMARKS * 3));
    }
    const xRealtime = seconds / ((performance.now() - begin) / 1000);
    const tensors = {
      expression: { shape: [frames, EXPRESSIONS], values: expression },
      pose: { shape: [frames, 6], values: pose },
      landmarks: { shape: [frames, LANDMARKS, 3], values: landmarks },
    };
    await writeWhole(outPath, writeSafetensors(tensors, { format: 'likeness.motion', version: '1', fps: String(fps) }));
    return { path: outPath, frames, fps, xRealtime, heardWith: avatar.heardWith };
  } catch (error) {
    throw signal?.aborted && !(error instanceof StudioError) ? notWritten() : error;
  } finally {
    await avatar.close();
  }
}

function notWritten(): StudioError {
  return new StudioError({
    code: 'cancelled',
    message: 'The motion was not written.',
    hint: 'Start it again when you like.',
  });
}

/** Head-space landmarks [478,3], cm: the expressed mesh, and the irises moved by the gaze. */
function placeLandmarks(rig: Rig, { expression, gaze }: Control, out: Float32Array): void {
  poseVertices(rig, expression, out.subarray(0, VERTICES * 3));
  out.set(rig.irisNeutral, VERTICES * 3);
  for (const [eye, [outer, inner]] of EYE_CORNERS.entries()) {
    const width = Math.hypot(
      ...[0, 1, 2].map((axis) => rig.neutral[outer * 3 + axis]! - rig.neutral[inner * 3 + axis]!),
    );
    for (let point = 0; point < IRIS_POINTS; point++) {
      const at = (VERTICES + eye * IRIS_POINTS + point) * 3;
      out[at] = out[at]! + gaze[eye * 2]! * width;
      out[at + 1] = out[at + 1]! + gaze[eye * 2 + 1]! * width;
    }
  }
}
