import type { SoundShape } from '../../../../../shared/contract/studio.ts';
import { clipEnd, rowsOf } from '../../../../../shared/domain/clips.ts';
import { heardClips, loudnessOf } from '../../../../../shared/domain/loudness.ts';
import type { Take } from '../../../../../shared/domain/take.ts';
import type { Paint } from './paint.ts';

/** Between the edge of a clip's block and its waveform, pixels. */
const PADDING = 3;
const FULL = 127;

/** Of what is not heard. */
const FAINT = 0.35;

/** The sounds on the timeline, each inside its clip, as loud as it is heard. */
export function drawWaveforms(
  paint: Paint,
  take: Pick<Take, 'clips' | 'muted' | 'solo'>,
  shapeOf: (sound: string) => SoundShape | undefined,
): void {
  const { context, view, colours, top, width, height } = paint;
  const { clips } = take;
  const heard = new Set(heardClips(take));
  const { rows, count } = rowsOf(clips);
  const rowHeight = height / count;
  context.fillStyle = colours.wave;
  for (const clip of clips) {
    const shape = shapeOf(clip.sound);
    const left = Math.max(0, Math.floor(view.x(clip.at)));
    const right = Math.min(width, view.x(clipEnd(clip)));
    if (!shape || right <= left) continue;
    const middle = top + rowHeight * ((rows.get(clip.id) ?? 0) + 0.5);
    const reach = Math.max(1, rowHeight / 2 - PADDING);
    const loudness = loudnessOf(clip);
    context.globalAlpha = heard.has(clip) ? 1 : FAINT;
    for (let x = left; x < right; x++) {
      const [low, high] = peaks(
        shape,
        clip.start + (view.seconds(x) - clip.at),
        clip.start + (view.seconds(x + 1) - clip.at),
      );
      const factor = loudness(view.seconds(x) - clip.at);
      const upper = Math.min(1, (high / FULL) * factor) * reach;
      const lower = Math.max(-1, (low / FULL) * factor) * reach;
      context.fillRect(x, middle - upper, 1, Math.max(1, upper - lower));
    }
  }
  context.globalAlpha = 1;
}

/** Lowest and highest sample between two times of the sound. */
export function peaks({ rate, low, high }: SoundShape, from: number, to: number): readonly [number, number] {
  const first = Math.max(0, Math.floor(from * rate));
  const last = Math.min(low.length - 1, Math.max(first, Math.ceil(to * rate) - 1));
  let [lowest, highest] = [0, 0];
  for (let bin = first; bin <= last; bin++) {
    lowest = Math.min(lowest, low[bin]!);
    highest = Math.max(highest, high[bin]!);
  }
  return [lowest, highest];
}
