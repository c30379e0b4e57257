import { useEffect, useState, type RefObject } from 'react';
import type { Overlay } from './overlay/overlay.ts';
import type { Stage } from './stage.ts';

export type OverlayState = 'off' | 'loading' | 'on' | 'unavailable';

/** Loads three.js when something is first to be laid over the picture, and draws with it from then on. */
export function useOverlay(
  stage: Stage | null,
  canvas: RefObject<HTMLCanvasElement | null>,
  wanted: boolean,
): OverlayState {
  const [state, setState] = useState<Exclude<OverlayState, 'off'>>('loading');
  const [asked, setAsked] = useState(wanted);
  if (wanted && !asked) setAsked(true);
  useEffect(() => {
    if (!stage || !asked || !canvas.current) return;
    const place = canvas.current;
    let overlay: Overlay | undefined;
    let left = false;
    import('./overlay/overlay.ts')
      .then(({ Overlay: Loaded }) => {
        if (left) return;
        overlay = new Loaded(place);
        stage.setOverlay(overlay);
        setState('on');
      })
      .catch(() => left || setState('unavailable')); // no WebGL, or the part of the window could not be fetched
    const restored = () => stage.redraw();
    place.addEventListener('webglcontextrestored', restored);
    return () => {
      left = true;
      place.removeEventListener('webglcontextrestored', restored);
      stage.setOverlay(null);
      overlay?.close();
    };
  }, [stage, asked, canvas]);
  return asked ? state : 'off';
}
