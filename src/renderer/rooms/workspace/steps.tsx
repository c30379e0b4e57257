import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JobView, ProjectDetail } from '../../../shared/contract/studio.ts';
import { formatOf } from '../../../shared/domain/film/index.ts';
import { useStudio } from '../../ground/connection.tsx';
import { go, STEP_NAMES, STEPS, type Step } from '../../ground/route.ts';
import { Sign } from '../../ground/signs.tsx';
import { stepOf } from '../../jobs/job-names.ts';
import { percentOf, useJobs } from '../../jobs/use-job.ts';

/** The way a project goes, where on it one is, and how far each step is. */
export function Steps({ projectId, step }: { readonly projectId: string; readonly step: Step }) {
  const { queries } = useStudio();
  const project = useQuery(queries.projects.get.queryOptions({ input: { id: projectId } })).data;
  const jobs = useJobs().filter((job) => job.projectId === projectId);
  return (
    <nav className="steps" aria-label="Steps of the work">
      <SegmentedControl
        size="sm"
        aria-label="Step"
        value={step}
        data={STEPS.map((value) => ({
          value,
          label: (
            <span className="step-name">
              <span>{STEP_NAMES[value]}</span>
              <State state={stateOf(value, project, jobs)} />
            </span>
          ),
        }))}
        onChange={(value) => go({ kind: 'project', id: projectId, step: value as Step })}
      />
    </nav>
  );
}

type StepState = 'done' | 'open' | { readonly percent: number };

function State({ state }: { readonly state: StepState }) {
  if (state === 'open') return null;
  if (state !== 'done') return <span className="step-state"> {state.percent} %</span>;
  return (
    <span className="step-state" data-done>
      <Sign name="check" size={12} />
      <span className="visually-hidden"> done</span>
    </span>
  );
}

function stateOf(step: Step, project: ProjectDetail | undefined, jobs: readonly JobView[]): StepState {
  const running = jobs.find((job) => job.status === 'running' && stepOf(job) === step);
  if (running) return { percent: percentOf(running) };
  const done: Readonly<Record<Step, boolean>> = {
    source: project?.analysed ?? false,
    train: project?.trained ?? false,
    perform: false, // a take is never done
    export: project?.exports.some(({ name }) => formatOf(name) !== undefined) ?? false,
  };
  return done[step] ? 'done' : 'open';
}
