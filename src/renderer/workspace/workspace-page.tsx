import { Alert, Center, Loader, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProjectDetail } from '../../shared/contract/studio.ts';
import { useStudio } from '../app/connection.tsx';
import { explain } from '../app/errors.tsx';
import { go, STEPS, type Step } from '../app/route.ts';
import { ExportPanel } from './inspector/export-panel.tsx';
import { SourcePanel } from './inspector/source-panel.tsx';
import { TrainPanel } from './inspector/train-panel.tsx';
import { Viewer, type Shown } from './viewer/viewer.tsx';

const LABELS: Readonly<Record<Step, string>> = { source: 'Source', train: 'Train', export: 'Export' };

/** One project: the picture on the left, what the current step needs on the right. */
export function WorkspacePage({ id, step }: { readonly id: string; readonly step: Step }) {
  const { queries } = useStudio();
  const project = useQuery(queries.projects.get.queryOptions({ input: { id } }));
  const [chosen, setChosen] = useState<Shown>();
  const [seekTo, setSeekTo] = useState<{ readonly seconds: number }>();
  if (project.isPending) {
    return (
      <Center h="100%">
        <Loader aria-label="Opening the project" />
      </Center>
    );
  }
  if (project.isError) {
    const { message, hint } = explain(project.error);
    return (
      <Center h="100%">
        <Alert color="red" title={message}>
          {hint}
        </Alert>
      </Center>
    );
  }
  return (
    <div className="workspace">
      <section aria-label="Viewer">
        <Viewer projectId={id} shown={chosen ?? usual(step, project.data)} seekTo={seekTo} />
      </section>
      <section aria-label={LABELS[step]} className="inspector">
        <SegmentedControl
          fullWidth
          mb="md"
          aria-label="Step"
          value={step}
          data={STEPS.map((value) => ({ value, label: LABELS[value] }))}
          onChange={(value) => {
            setChosen(undefined);
            go({ kind: 'project', id, step: value as Step });
          }}
        />
        {step === 'source' && (
          <SourcePanel
            project={project.data}
            onSeek={(frame) => {
              setChosen({ kind: 'source' });
              setSeekTo({ seconds: frame / project.data.source.fps });
            }}
          />
        )}
        {step === 'train' && <TrainPanel project={project.data} onPreview={(name) => setChosen({ kind: 'preview', name })} />}
        {step === 'export' && <ExportPanel project={project.data} onShow={(name) => setChosen({ kind: 'export', name })} />}
      </section>
    </div>
  );
}

/** What a step shows until something else is chosen. */
function usual(step: Step, { preview, exports }: ProjectDetail): Shown {
  if (step === 'train' && preview !== null) return { kind: 'preview', name: preview };
  if (step === 'export' && exports[0]) return { kind: 'export', name: exports[0].name };
  return { kind: 'source' };
}
