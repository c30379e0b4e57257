import { readTable } from '../../../../shared/format/tensor-table.ts';
import type { Bundle } from './bundle.ts';
import { checkMotion } from './limits.ts';
import { type MotionTrack, motionTrack } from './motion-track.ts';
import { reading } from './tensors.ts';

/** `idle.safetensors`: the source's own motion (docs/formats.md). Raises StudioError('bad-bundle'). */
export function readIdle(bundle: Bundle): MotionTrack {
  return reading('idle', bundle, (file) => {
    const track: MotionTrack = {
      ...motionTrack('idle', file),
      ...(file.tensors.has('heard') ? { heard: readTable('idle', file).floats('heard') } : {}),
    };
    checkMotion(track, bundle.manifest.source);
    return track;
  });
}
