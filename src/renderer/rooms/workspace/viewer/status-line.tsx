import { useEffect, useRef } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import { useTransport } from '../transport/use-transport.tsx';
import type { Mode } from './modes.ts';
import type { Shown } from './shown.ts';
import type { Stage } from './stage.ts';
import { FRAME_STATES, type FaceTrack } from '../footage/track.ts';

/** Delays are read, not watched: the median of as many pictures. */
const DELAYS = 25;

/** What is on the stage, in figures. Written past React: it changes with every picture. */
export function StatusLine({
  stage,
  project,
  track,
  live,
  mode,
  asFilm,
}: {
  readonly stage: Stage | null;
  readonly project: ProjectDetail;
  readonly track: FaceTrack | null;
  readonly live: LiveAvatar | null;
  readonly mode: Mode;
  /** Whether the picture is to be in the film's shape and over its background. */
  readonly asFilm: boolean;
}) {
  const transport = useTransport();
  const left = useRef<HTMLSpanElement>(null);
  const right = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const delays: number[] = [];
    const write = () => {
      if (left.current) left.current.textContent = ofFrame(project, track, stage?.shown ?? null);
      if (right.current)
        right.current.textContent = ofLive(live, mode, asFilm, transport.state.playback.kind === 'playing', delays);
    };
    write();
    const forgetShown = stage?.onShown(({ behindMs }) => {
      if (behindMs === null) delays.length = 0;
      else delays.push(behindMs);
      if (delays.length > DELAYS) delays.shift();
      write();
    });
    const forgetLive = live?.subscribe(write); // when the rate falls to nothing, no picture comes to say so
    return () => {
      forgetShown?.();
      forgetLive?.();
    };
  }, [stage, project, track, live, mode, asFilm, transport]);
  return (
    <p className="viewer-status">
      <span ref={left} data-part="frame" />
      <span ref={right} data-part="live" />
    </p>
  );
}

function ofFrame({ source, pictures }: ProjectDetail, track: FaceTrack | null, shown: Shown | null): string {
  const parts = [`${source.width} × ${source.height}`];
  if (shown && shown.frame >= 0) parts.push(`frame ${shown.frame} of ${pictures?.frames ?? source.frames}`);
  const state = shown && track?.state[shown.frame];
  if (state != null) parts.push(FRAME_STATES[state] ?? 'unknown');
  if (shown) parts.push(`${Math.round(shown.placement.scale * 100)} %`);
  if (shown?.residual !== undefined) parts.push(`residual ${shown.residual.toFixed(2)} px`);
  return parts.join(' · ');
}

function ofLive(
  live: LiveAvatar | null,
  mode: Mode,
  asFilm: boolean,
  playing: boolean,
  delays: readonly number[],
): string {
  if (mode === 'source' || live?.state.kind !== 'ready') return '';
  const parts = [`${live.state.height}p live`];
  if (asFilm) parts.push(live.lookShown ? 'as the film' : 'not as the film while a program films it');
  const { fps } = live.figures;
  const { voice, camera, any } = live.drivers;
  if (any) {
    if (fps > 0) parts.push(`${fps} fps`);
    for (const [driver, name] of [
      [voice, 'your voice'],
      [camera, 'the camera'],
    ] as const)
      if (fps > 0 && driver?.behindMs != null) parts.push(`${Math.round(driver.behindMs)} ms behind ${name}`);
    return parts.join(' · ');
  }
  if (playing && fps > 0) parts.push(`${fps} fps`);
  const behind = delays.toSorted((a, b) => a - b)[delays.length >> 1];
  // A picture is due for as long as it lasts.
  if (playing && behind !== undefined)
    parts.push(behind < 1000 / live.state.fps ? 'in step with the sound' : `${Math.round(behind)} ms behind the sound`);
  return parts.join(' · ');
}
