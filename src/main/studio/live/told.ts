/** What of an avatar and its performance a window is told, and how. */
import { StudioError } from '../../../shared/contract/index.ts';
import type { StyleView } from '../../../shared/contract/live.ts';
import { type Avatar, type PortraitPicture, reachOf } from '../engine/index.ts';
import type { LivePerformance } from './perform.ts';
import { refusal } from './refusal.ts';

export function behindTheHour(): StudioError {
  return refusal('This moment lies behind the hour that the live picture shows.');
}

/** What an avatar is, beside how it is drawn. */
export function describedBy(avatar: Avatar) {
  return {
    checkpoint: avatar.manifest.checkpoint ?? null,
    varies: avatar.varies,
    heardWith: avatar.heardWith,
    styles: stylesOf(avatar),
    ranges: reachOf(avatar).ranges,
  };
}

function stylesOf({ styles, idle }: Pick<Avatar, 'styles' | 'idle'>): StyleView[] {
  return styles.map(({ row, share }) => {
    const [x0, y0, size] = idle.crop.subarray(row * 3, row * 3 + 3) as unknown as [number, number, number];
    return { seconds: idle.time[row]!, crop: [x0, y0, size], share };
  });
}

export function viewOf({ x0, y0, width, height }: PortraitPicture['view']): Float32Array {
  return Float32Array.of(x0, y0, width, height);
}

/** Figures to draw, in as many digits as can be seen. */
export function readable({ frames, aperture, pitch }: LivePerformance): {
  frames: number;
  aperture: number[];
  pitch: (number | null)[];
} {
  return {
    frames,
    aperture: Array.from(aperture, (value) => Math.round(value * 1e4) / 1e4),
    pitch: Array.from(pitch, (hertz) => (Number.isNaN(hertz) ? null : Math.round(hertz * 10) / 10)),
  };
}

export function otherAvatar(): StudioError {
  return new StudioError({
    code: 'busy',
    message: 'Another avatar took the place of this one.',
    hint: 'Start the microphone or the camera again.',
  });
}
