import { useEffect, useMemo, useRef } from 'react';
import { exportBegins } from '../../../../shared/domain/take.ts';
import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { Step } from '../../../ground/route.ts';
import { useFollowed } from '../../../ground/store.ts';
import { OWN_LOOK } from '../../../live/live-avatar.ts';
import { useLiveAvatar } from '../../../live/live-provider.tsx';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { CameraSign } from '../camera/camera-sign.tsx';
import { MicrophoneSign } from '../microphone/microphone-sign.tsx';
import { CheckpointSign } from '../checkpoint/checkpoint-sign.tsx';
import { useStageLook } from '../film/stage-look.ts';
import { Divider } from './divider.tsx';
import { DifferenceLegend, HeatLegend } from './legends.tsx';
import { type Made, MadeView } from './made.tsx';
import { toggleFullScreen } from './full-screen.ts';
import { LAYERS } from './modes.ts';
import { NoAvatar } from './no-avatar.tsx';
import { PicturesJob } from './pictures-job.tsx';
import { FIT } from './placement.ts';
import { StatusLine } from './status-line.tsx';
import { Toolbar } from './toolbar.tsx';
import { useOverlay } from './use-overlay.ts';
import { useShown } from './use-shown.ts';
import { useSourcePictures } from '../footage/use-source-pictures.ts';
import { useStage } from './use-stage.ts';
import { useTrack } from '../footage/use-track.ts';
import { chooseMode, useViewerActions, zoomCommands } from './viewer-actions.ts';
import { modeAt, useViewerState, viewerStore } from './viewer-state.ts';
import './viewer.css';

export type { Made } from './made.tsx';

/**
 * The moment under the playhead: the source, the avatar, or one against the other; or `override`, something finished.
 */
export function Viewer({
  project,
  step,
  override,
  onBack,
}: {
  readonly project: ProjectDetail;
  readonly step: Step;
  readonly override?: Made | undefined;
  readonly onBack?: () => void;
}) {
  if (override) return <MadeView projectId={project.id} fps={project.source.fps} made={override} onBack={onBack} />;
  return <Moment key={project.id} project={project} step={step} />;
}

function Moment({ project, step }: { readonly project: ProjectDetail; readonly step: Step }) {
  const view = useViewerState();
  const mode = modeAt(step, view);
  const pictures = useSourcePictures(project);
  const trackState = useTrack(project);
  const track = trackState.kind === 'ready' ? trackState.track : null;
  const live = useLiveAvatar();
  const surface = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const { width, height } = project.source;
  const source = useMemo(() => ({ width, height }), [width, height]);
  const chosenFilm = useStageLook();
  const framable = mode === 'avatar' && (step === 'perform' || step === 'export') ? chosenFilm : null;
  const film = view.asFilm ? framable : null;
  const editor = useTakeEditor();
  const filmBegins = useFollowed(editor, () => exportBegins(editor.take, project.source.fps));
  useEffect(() => live?.setLook(film?.look ?? OWN_LOOK), [live, film]);
  const backdrop = film?.backdrop ?? null;
  const stage = useStage(surface, picture, { mode, source, pictures, track, live, backdrop, filmBegins });
  const liveShown = useShown(stage, ({ live: shown }) => shown !== null) ?? false;
  const missing = useShown(stage, (shown) => shown.missing) ?? null;
  const overlay = useOverlay(stage, over, track !== null && (view.layers.length > 0 || view.headView));
  const fullScreen = () => void toggleFullScreen(surface.current);
  useViewerActions(project, step, stage, track !== null, fullScreen);
  useEffect(() => viewerStore.set({ zoom: FIT, headView: false }), []); // of the project before
  const heat = view.layers.includes('heat') && mode !== 'avatar' && !view.headView && overlay === 'on';
  const chosen = view.layers.map((layer) => LAYERS[layer].name.toLowerCase()).join(', ');
  return (
    <div className="viewer-room">
      <Toolbar
        mode={mode}
        onMode={(next) => chooseMode(step, next)}
        framable={framable !== null}
        zoom={zoomCommands(stage)}
        analysed={track !== null}
        fullScreen={fullScreen}
      />
      <div
        ref={surface}
        className="viewer-stage"
        role="group"
        tabIndex={0}
        aria-label={`Picture: ${mode}${chosen === '' ? '' : `, with ${chosen}`}. Arrow keys move it when it is zoomed.`}
        data-zoomed={view.zoom.kind === 'free' || view.headView || undefined}
      >
        <canvas ref={picture} />
        <canvas ref={over} className="viewer-overlay" data-state={overlay} />
        {mode === 'split' && !view.headView && <Divider stage={stage} />}
        <div className="viewer-notes">
          {project.pictures === null && mode !== 'avatar' && <PicturesJob project={project} />}
          {mode !== 'source' && <NoAvatar project={project} live={live} shown={liveShown} />}
          {missing && mode !== 'avatar' && <Problem error={missing} />}
          {trackState.kind === 'failed' && <Problem error={trackState.error} />}
          {overlay === 'unavailable' && <Problem error={NO_WEBGL} />}
        </div>
        {mode !== 'source' && liveShown && <CheckpointSign project={project} live={live} />}
        <div className="live-signs">
          <MicrophoneSign />
          <CameraSign />
        </div>
        <div className="viewer-legends">
          {mode === 'difference' && liveShown && !view.headView && <DifferenceLegend />}
          {heat && <HeatLegend stage={stage} />}
        </div>
      </div>
      <StatusLine stage={stage} project={project} track={track} live={live} mode={mode} asFilm={film !== null} />
    </div>
  );
}

const NO_WEBGL: StudioErrorShape = {
  code: 'internal',
  message: 'Nothing can be laid over the picture here.',
  hint: 'It takes WebGL, which this browser does not offer; graphics acceleration may be switched off in its settings.',
};

function Problem({ error }: { readonly error: StudioErrorShape }) {
  return (
    <div className="viewer-note" role="status">
      <strong>{error.message}</strong> {error.hint}
    </div>
  );
}
