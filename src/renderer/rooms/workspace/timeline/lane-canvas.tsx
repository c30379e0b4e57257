import { useComputedColorScheme } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { ProjectDetail, SoundShape } from '../../../../shared/contract/studio.ts';
import { countsOf } from '../../../../shared/domain/analysis.ts';
import { hasSound } from '../../../../shared/domain/clips.ts';
import { heededLanes } from '../../../../shared/domain/lanes/index.ts';
import { useLiveRanges } from '../../../live/live-provider.tsx';
import { useStudio } from '../../../ground/connection.tsx';
import { useTake } from '../../../take/use-take.tsx';
import { useSourcePictures } from '../footage/use-source-pictures.ts';
import { useTrack } from '../footage/use-track.ts';
import { drawCurve, evenCurve } from './lanes/curve.ts';
import type { LiveMotion } from '../../../live/live-avatar.ts';
import { Filmstrip } from './lanes/filmstrip.ts';
import { drawFrameStates, stateSpans } from './lanes/frame-states.ts';
import { drawKeyed } from './lanes/keyed.ts';
import { drawMouth } from './lanes/mouth.ts';
import type { Paint } from './lanes/paint.ts';
import { drawRuler } from './lanes/ruler.ts';
import { drawWaveforms } from './lanes/waveform.ts';
import type { LaneLayout, FixedLane } from './lane-layout.ts';
import { chosenIn, keysIn, NO_KEYS } from './keyed/key-edits.ts';
import { rangeOf } from './keyed/lane-range.ts';
import { useGhosts } from './keyed/use-ghosts.ts';
import { COLOURS } from './colours.ts';
import { useTimeline } from './use-timeline.tsx';
import './lanes.css';

/** Speech lies in here, Hz; drawn on a logarithmic scale, as it is heard. */
const PITCH = { low: 60, high: 500 };

/**
 * Everything of the timeline that is only looked at, on one canvas: drawn when something changed, and only what is on
 * screen.
 */
export function LaneCanvas({
  project,
  lanes,
  height,
  motion,
}: {
  readonly project: ProjectDetail;
  readonly lanes: LaneLayout;
  readonly height: number;
  readonly motion: LiveMotion | null;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { view, selection } = useTimeline();
  const { take } = useTake();
  const ranges = useLiveRanges();
  const heeded = useMemo(() => heededLanes(take.lanes), [take.lanes]);
  const ghosts = useGhosts(lanes.keyed, project.source);
  const scheme = useComputedColorScheme('dark');
  const pictures = useSourcePictures(project);
  const tracked = useTrack(project);
  const track = tracked.kind === 'ready' ? tracked.track : null;
  const sounds = useMemo(
    () => [...new Set(take.clips.filter((clip) => hasSound(clip, project.sounds)).map(({ sound }) => sound))],
    [take.clips, project.sounds],
  );
  const shapes = useShapes(project.id, sounds);
  const size = project.pictures;
  const strip = useMemo(() => pictures && size && new Filmstrip(pictures, size), [pictures, size]);
  const spans = useMemo(() => track && stateSpans(track, project.source.duration), [track, project.source.duration]);

  useEffect(() => {
    const element = canvas.current!;
    const context = element.getContext('2d')!;
    const colours = COLOURS[scheme];
    let asked = 0;
    const draw = () => {
      asked = 0;
      const density = window.devicePixelRatio;
      const { width } = view.window;
      const [columns, rows] = [Math.round(width * density), Math.round(height * density)];
      if (element.width !== columns || element.height !== rows) [element.width, element.height] = [columns, rows];
      context.setTransform(density, 0, 0, density, 0, 0);
      context.clearRect(0, 0, width, height);
      const paint = (name: FixedLane): Paint => ({ context, view, colours, width, density, ...lanes[name] });
      for (const name of ['film', 'frames', 'sound', 'pitch', 'mouth'] as const) {
        context.fillStyle = colours.lane;
        context.fillRect(0, lanes[name].top, width, lanes[name].height);
      }
      drawRuler(paint('ruler'), project.source.fps);
      strip?.draw(paint('film'), project.source);
      if (spans) drawFrameStates(paint('frames'), spans);
      drawWaveforms(paint('sound'), take, (sound) => shapes[sounds.indexOf(sound)]);
      if (motion)
        drawCurve(paint('pitch'), evenCurve(motion.pitch, motion.fps), {
          colour: colours.pitch,
          lineWidth: 1.75,
          share: (hertz) => Math.log(hertz / PITCH.low) / Math.log(PITCH.high / PITCH.low),
        });
      drawMouth(paint('mouth'), track, motion);
      for (const place of lanes.keyed) {
        const { name, top, height: tall, open } = place;
        context.fillStyle = colours.lane;
        context.fillRect(0, top, width, tall);
        drawKeyed(
          { context, view, colours, width, density, top, height: tall },
          {
            name,
            keys: keysIn(take, name),
            chosen: selection.kind === 'keys' ? chosenIn(selection.chosen, name) : NO_KEYS,
            range: rangeOf(name, ranges),
            heeded: heeded[name] !== undefined,
            ghost: open ? (ghosts.get(name) ?? null) : null,
            open,
          },
        );
      }
      if (take.range) {
        context.fillStyle = colours.outside;
        const [left, right] = [view.x(take.range.from), view.x(take.range.to)];
        if (left > 0) context.fillRect(0, lanes.film.top, Math.min(left, width), height);
        if (right < width) context.fillRect(Math.max(0, right), lanes.film.top, width - Math.max(0, right), height);
      }
    };
    const redraw = () => {
      asked ||= requestAnimationFrame(draw);
    };
    redraw();
    const forgets = [view.subscribe(redraw), strip?.subscribe(redraw)];
    return () => {
      for (const forget of forgets) forget?.();
      cancelAnimationFrame(asked);
    };
  }, [
    view,
    lanes,
    height,
    scheme,
    project.source,
    strip,
    spans,
    track,
    take,
    sounds,
    shapes,
    motion,
    selection,
    ranges,
    heeded,
    ghosts,
  ]);

  return (
    <canvas ref={canvas} className="timeline-canvas" style={{ height }} role="img" aria-label={describe(project)} />
  );
}

function describe({ source, report }: ProjectDetail): string {
  const whole = `Film, frames, sound, pitch and mouth of ${Math.round(source.duration)} seconds`;
  if (!report) return whole;
  return `${whole}: of ${report.frames} frames ${countsOf(report)}`;
}

/** The shapes of some sounds, in their order; the same list until one more arrives. */
function useShapes(projectId: string, sounds: readonly string[]): readonly (SoundShape | undefined)[] {
  const { queries } = useStudio();
  return useQueries({
    queries: sounds.map((sound) =>
      queries.sounds.shape.queryOptions({ input: { id: projectId, sound }, staleTime: Number.POSITIVE_INFINITY }),
    ),
    combine: arrived,
  });
}

const arrived = (results: readonly { readonly data?: SoundShape | undefined }[]) => results.map(({ data }) => data);
