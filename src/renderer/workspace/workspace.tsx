import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { ProjectDetail } from '../../shared/contract/studio.ts';
import { go, STEPS, type Step } from '../app/route.ts';
import { ExportPanel } from './inspector/export-panel.tsx';
import { PerformPanel } from './inspector/perform-panel.tsx';
import { SourcePanel } from './inspector/source-panel.tsx';
import { TrainPanel } from './inspector/train-panel.tsx';
import { Panes } from './panes.tsx';
import { DropOnTimeline } from './timeline/drop-on-timeline.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { useTransport } from './transport/use-transport.tsx';
import { type Made, Viewer } from './viewer/viewer.tsx';

const LABELS: Readonly<Record<Step, string>> = { source: 'Source', train: 'Train', perform: 'Perform', export: 'Export' };

/** One project: the picture, what the current step needs beside it, the take below. */
export function Workspace({ project, step }: { readonly project: ProjectDetail; readonly step: Step }) {
  const transport = useTransport();
  const [chosen, setChosen] = useState<Made | null>();
  const override = chosen === undefined ? usual(step, project) : (chosen ?? undefined);
  const { id } = project;
  return (
    <div className="workspace">
      <nav className="steps" aria-label="Steps of the work">
        <SegmentedControl
          size="xs"
          aria-label="Step"
          value={step}
          data={STEPS.map((value) => ({ value, label: LABELS[value] }))}
          onChange={(value) => {
            setChosen(undefined);
            leaveToKeyboard();
            go({ kind: 'project', id, step: value as Step });
          }}
        />
      </nav>
      <Panes
        viewer={
          <section aria-label="Viewer" className="workspace-viewer">
            <Viewer project={project} step={step} override={override} onBack={() => setChosen(null)} />
          </section>
        }
        inspector={
          <section aria-label={LABELS[step]} className="inspector">
            {step === 'source' && (
              <SourcePanel
                project={project}
                onSeek={(frame) => {
                  setChosen(null);
                  transport.pause();
                  transport.seek(transport.frames.at(frame));
                }}
              />
            )}
            {step === 'train' && <TrainPanel project={project} onPreview={(name) => setChosen({ kind: 'preview', name })} />}
            {step === 'perform' && <PerformPanel project={project} />}
            {step === 'export' && <ExportPanel project={project} onShow={(name) => setChosen({ kind: 'export', name })} />}
          </section>
        }
        timeline={<Timeline project={project} />}
      />
      <DropOnTimeline />
    </div>
  );
}

/** After a click Space and the arrows mean the playhead again; somebody who moves by keyboard stays where they are. */
function leaveToKeyboard(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && !focused.matches(':focus-visible')) focused.blur();
}

/** What a step shows over the playhead's picture until something else is chosen. */
function usual(step: Step, { preview }: ProjectDetail): Made | undefined {
  return step === 'train' && preview !== null ? { kind: 'preview', name: preview } : undefined;
}
