import { useEffect, useState } from 'react';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';
import { Part } from '../../ground/part.tsx';
import { STEP_NAMES, type Step } from '../../ground/route.ts';
import { ExportPanel } from './export/export-panel.tsx';
import { PerformPanel } from './perform/perform-panel.tsx';
import { SourcePanel } from './source/source-panel.tsx';
import { TrainPanel } from './train/train-panel.tsx';
import { Panes } from './panes.tsx';
import { DriveFromVideo } from './drive/drive-from-video.tsx';
import { Said } from './script/said.ts';
import { DropOnTimeline } from './sounds/drop-on-timeline.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { useTransport } from './transport/use-transport.tsx';
import { type Made, Viewer } from './viewer/viewer.tsx';
import './workspace.css';

/** One project: the picture, what the current step needs beside it, the take below. */
export function Workspace({ project, step }: { readonly project: ProjectDetail; readonly step: Step }) {
  const transport = useTransport();
  const [chosen, setChosen] = useState<{ readonly step: Step; readonly made: Made | null }>();
  const choose = (made: Made | null) => setChosen({ step, made });
  // another step begins as usual
  const override = chosen?.step === step ? (chosen.made ?? undefined) : usual(step, project);
  const covered = override !== undefined;
  useEffect(() => {
    if (!covered) return;
    // What plays, or is gone through, is on screen.
    const follow = () => {
      if (transport.state.playback.kind !== 'paused') setChosen({ step, made: null });
    };
    follow();
    return transport.subscribe(follow);
  }, [transport, covered, step]);
  return (
    <div className="workspace">
      <Panes
        viewer={
          <section aria-label="Viewer" className="workspace-viewer">
            <Part where="viewer" name="The viewer" resetOn={step}>
              <Viewer project={project} step={step} override={override} onBack={() => choose(null)} />
            </Part>
          </section>
        }
        inspector={
          <section aria-label={STEP_NAMES[step]} className="inspector">
            <div className="inspector-page">
              <Part where={step} name="This step" resetOn={step}>
                {step === 'source' && (
                  <SourcePanel
                    project={project}
                    onSeek={(frame) => {
                      choose(null);
                      transport.pause();
                      transport.seek(transport.frames.at(frame));
                    }}
                  />
                )}
                {step === 'train' && (
                  <TrainPanel
                    project={project}
                    watching={override ? 'held-out' : 'moment'}
                    onProof={(name) => (name === null ? setChosen(undefined) : choose({ kind: 'proof', name }))}
                    onLive={() => choose(null)}
                  />
                )}
                {step === 'perform' && <PerformPanel project={project} />}
                {step === 'export' && (
                  <ExportPanel project={project} onShow={(name) => choose({ kind: 'export', name })} />
                )}
              </Part>
            </div>
          </section>
        }
        timeline={
          <Part where="timeline" name="The timeline" resetOn={step}>
            <Timeline project={project} />
          </Part>
        }
      />
      <DropOnTimeline />
      <DriveFromVideo project={project} />
      <Said project={project} />
    </div>
  );
}

/** What a step shows over the playhead's picture until something else is chosen. */
function usual(step: Step, { proof }: ProjectDetail): Made | undefined {
  return step === 'train' && proof !== null ? { kind: 'proof', name: proof } : undefined;
}
