import type { TensorFile } from '../../../../shared/binary/index.ts';
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
      ...(file.tensors.has('sway') ? { sway: swayOf(file) } : {}),
    };
    checkMotion(track, bundle.manifest.source);
    return track;
  });
}

/** A row for each frame. */
function swayOf(file: TensorFile): Float32Array {
  const rows = readTable('idle', file);
  rows.doubles('time');
  return rows.floats('sway');
}
