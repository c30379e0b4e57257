import { Alert, Button, Stack, Text } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { go } from '../../../ground/route.ts';
import { TrainerCard } from '../../set-up/trainer-card.tsx';
import { useTrainer } from '../../set-up/use-trainer.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJob } from '../../../jobs/use-job.ts';
import { TryIt } from './try-it.tsx';
import { chooseMode } from '../viewer/viewer-actions.ts';
import { modeAt, useViewerState } from '../viewer/viewer-state.ts';
import { OlderAnalysis } from '../source/older-analysis.tsx';
import { Evaluation } from './evaluation.tsx';
import { HeldOut } from './held-out.tsx';
import { KeepTraining } from './keep-training.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { Timelapse } from './timelapse.tsx';
import { TrainingChart } from './training-chart.tsx';
import './train.css';

interface TrainPanelProps {
  readonly project: ProjectDetail;
  /** What the viewer shows: a training's picture of held-out frames, or the moment under the playhead. */
  readonly watching: 'held-out' | 'moment';
  /** Shows held-out frames; null: the newest, and each new one as it comes. */
  readonly onProof: (name: string | null) => void;
  /** Shows the moment under the playhead. */
  readonly onLive: () => void;
}

/** Nothing was trained that could be gone on with. */
const isInstant = (quality: ProjectDetail['quality']) => quality?.draws === 'closed' && quality.std === undefined;

/** Choose how long to train, watch it get better, stop and go on. */
export function TrainPanel({ project, watching, onProof, onLive }: TrainPanelProps) {
  const job = useJob(project.id, 'train');
  const check = useJob(project.id, 'analyze');
  const live = modeAt('train', useViewerState()) !== 'source';
  const { wanted } = useTrainer();
  if (!project.hasVideo) {
    return <Text size="sm">This avatar came without its video. To train it again, import that video.</Text>;
  }
  if (!project.report) {
    if (check && active(check)) {
      return (
        <Stack>
          <Text size="sm">The video is being checked; then it can be trained on.</Text>
          <JobProgress job={check} />
        </Stack>
      );
    }
    return (
      <Alert title="Not checked yet">
        <Stack gap="sm" align="flex-start">
          Likeness looks at the video first, to see what it can learn from it.
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => go({ kind: 'project', id: project.id, step: 'source' })}
          >
            Go to Source
          </Button>
        </Stack>
      </Alert>
    );
  }
  return (
    <Stack>
      <TrainerCard need="Training" />
      <OlderAnalysis project={project} />
      {job && !wanted(job) && <JobProgress job={job} />}
      <TryIt
        project={project}
        training={active(job)}
        watching={live && watching === 'moment'}
        onWatch={() => {
          onLive();
          chooseMode('train', 'avatar');
        }}
      />
      {job?.status === 'done' && !isInstant(project.quality) && <KeepTraining project={project} />}
      <Timelapse key={`strip ${job?.id}`} project={project} watching={watching === 'held-out'} onProof={onProof} />
      <TrainingChart key={`chart ${job?.id}`} projectId={project.id} />
      {project.quality && <HeldOut quality={project.quality} />}
      {project.quality && <Evaluation project={project} />}
      {!active(job) && <PresetChoice project={project} />}
    </Stack>
  );
}
