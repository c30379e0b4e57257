import { Alert, Center, Loader, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useStudio } from '../app/connection.tsx';
import { explain } from '../app/errors.ts';
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
  const [shown, setShown] = useState<Shown>({ kind: 'source' });
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
        <Viewer projectId={id} shown={shown} seekTo={seekTo} />
      </section>
      <section aria-label={LABELS[step]} style={{ borderLeft: '1px solid var(--mantine-color-default-border)', padding: 'var(--mantine-spacing-md)' }}>
        <SegmentedControl
          fullWidth
          mb="md"
          aria-label="Step"
          value={step}
          data={STEPS.map((value) => ({ value, label: LABELS[value] }))}
          onChange={(value) => {
            setShown({ kind: 'source' });
            go({ kind: 'project', id, step: value as Step });
          }}
        />
        {step === 'source' && (
          <SourcePanel
            project={project.data}
            onSeek={(frame) => {
              setShown({ kind: 'source' });
              setSeekTo({ seconds: frame / project.data.source.fps });
            }}
          />
        )}
        {step === 'train' && <TrainPanel project={project.data} onPreview={(path) => setShown({ kind: 'preview', path })} />}
        {step === 'export' && <ExportPanel project={project.data} onShow={(name) => setShown({ kind: 'export', name })} />}
      </section>
    </div>
  );
}
