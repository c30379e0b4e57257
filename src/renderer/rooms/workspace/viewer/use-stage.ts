import { useEffect, useRef, useState, type RefObject } from 'react';
import { useTransport } from '../transport/use-transport.tsx';
import { listen } from './gestures.ts';
import { INITIAL_ORBIT, type Orbit } from './overlay/orbit.ts';
import { laidOut } from './placement.ts';
import type { Show } from './shown.ts';
import { MARGIN, Stage } from './stage.ts';
import { useViewerState, viewerStore } from './viewer-state.ts';

/** What the window's own view of things adds. */
type Shows = Omit<Show, 'zoom' | 'divider' | 'layers' | 'headView'>;

/** Draws on `canvas`, which fills `surface`, and follows what the hand does there. */
export function useStage(
  surface: RefObject<HTMLDivElement | null>,
  canvas: RefObject<HTMLCanvasElement | null>,
  shows: Shows,
): Stage | null {
  const transport = useTransport();
  const view = useViewerState();
  const [stage, setStage] = useState<Stage | null>(null);
  const orbit = useRef<Orbit>(INITIAL_ORBIT);
  const newest = useRef<Show>({
    ...shows,
    zoom: view.zoom,
    divider: view.divider,
    layers: new Set(view.layers),
    headView: null,
  });
  useEffect(() => {
    newest.current = {
      ...shows,
      zoom: view.zoom,
      divider: view.divider,
      layers: new Set(view.layers),
      headView: view.headView ? orbit.current : null,
    };
    stage?.set(newest.current);
  });
  useEffect(() => {
    const [place, drawn] = [surface.current, canvas.current];
    if (!place || !drawn) return;
    const opened = new Stage(drawn, transport, newest.current);
    const forgetSize = followSize(place, opened);
    const forgetGestures = listen(place, {
      held: () => {
        const { shown } = opened;
        if (!shown) return null;
        // By the newest zoom, not by what is drawn: steps that come between two drawings, or are less than a pixel, add
        // up.
        const { zoom } = viewerStore.get();
        return {
          ...shown,
          zoom,
          placement: laidOut(zoom, shown.placement.part, shown.stage, MARGIN * shown.ratio),
          orbit: newest.current.headView,
        };
      },
      zoom: (zoom) => viewerStore.set({ zoom }),
      turn: (next) => {
        orbit.current = next;
        newest.current = { ...newest.current, headView: next };
        opened.set(newest.current);
      },
    });
    setStage(opened);
    return () => {
      forgetSize();
      forgetGestures();
      opened.close();
      setStage(null);
    };
  }, [surface, canvas, transport]);
  return stage;
}

/**
 * Tells the stage how many screen pixels it has: to the pixel where the browser says it, else as near as rounding
 * comes.
 */
function followSize(place: HTMLElement, stage: Stage): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const ratio = window.devicePixelRatio;
    const { width, height } = entry.contentRect;
    const rounded = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
    const exact = (entry as { devicePixelContentBoxSize?: readonly ResizeObserverSize[] })
      .devicePixelContentBoxSize?.[0]; // not in Safari
    // Under an emulated screen Chromium counts CSS pixels there.
    const known =
      exact && Math.abs(exact.inlineSize - rounded.width) < 2 && Math.abs(exact.blockSize - rounded.height) < 2;
    stage.resize(known ? { width: exact.inlineSize, height: exact.blockSize } : rounded, ratio);
  });
  try {
    observer.observe(place, { box: 'device-pixel-content-box' });
  } catch {
    observer.observe(place);
  }
  return () => observer.disconnect();
}
