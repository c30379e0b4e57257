import { useQuery } from '@tanstack/react-query';
import type { AnyJobKind, JobView } from '../../shared/contract/job.ts';
import { useStudio } from '../ground/connection.tsx';
import type { Step } from '../ground/route.ts';

const KINDS: Readonly<Record<AnyJobKind, string>> = {
  analyze: 'Check',
  train: 'Training',
  checkpoint: 'Preview of a training',
  estimate: 'Measuring this computer',
  evaluate: 'Measuring',
  render: 'Rendering',
  ablate: 'Ablation',
  'demo-sample': 'Drawing the sample person',
  'face-basis': 'Adding a face model',
  'hubert-graphs': 'Adding HuBERT',
  pictures: 'Preparing the pictures',
  export: 'Export',
  frame: 'Saving a frame',
  drive: 'Driving from a video',
  'same-person': 'Comparing faces',
  say: 'Speaking a script',
  align: 'Aligning a text',
  voice: 'Fetching a voice',
  'set-up': 'Setting up the trainer',
  unknown: 'A job of another version',
};

/** What the stages of the work are called in the window. */
const STAGES: Readonly<Record<string, string>> = {
  scan: 'Finding the face',
  fit: 'Fitting the face model',
  sound: 'Listening to the sound',
  save: 'Saving',
  person: 'Drawing the person',
  prepare: 'Preparing the frames',
  instant: 'Making the instant avatar',
  volume: 'Training: shape',
  refine: 'Training: detail',
  adversarial: 'Training: sharpness',
  fast: 'Training: the live version',
  steps: 'Timing a few steps',
  export: 'Writing the avatar',
  checkpoint: 'Making the preview',
  evaluate: 'Measuring',
  render: 'Rendering',
  read: 'Reading the face model',
  register: 'Laying the mesh on the face model',
  speech: 'From sound to motion',
  frames: 'Drawing the frames',
  pictures: 'Preparing the pictures',
  drive: 'Keying the lanes',
  filmed: 'Looking at the avatar’s video',
  other: 'Looking at the other video',
  say: 'Speaking the sentences',
  text: 'Reading the text',
  listen: 'Listening to the sound',
  align: 'Looking for the words',
  download: 'Downloading',
  environment: 'Making the Python environment',
  packages: 'Fetching the packages',
  unpack: 'Unpacking the packages',
  check: 'Looking whether they load',
};

/** On which step of the workspace a kind of job is shown; null: on none. */
const STEP: Readonly<Record<AnyJobKind, Step | null>> = {
  analyze: 'source',
  train: 'train',
  checkpoint: 'train',
  estimate: 'train',
  evaluate: 'train',
  render: null,
  ablate: null,
  'demo-sample': null,
  'face-basis': null,
  'hubert-graphs': null,
  pictures: null,
  export: 'export',
  frame: 'export',
  drive: 'perform',
  'same-person': 'source',
  say: 'perform',
  align: 'perform',
  voice: null,
  'set-up': null,
  unknown: null,
};

export const kindName = ({ kind }: JobView): string => KINDS[kind];
export const stepOf = ({ kind }: JobView): Step | null => STEP[kind];

export function stageName({ progress }: JobView): string {
  return progress ? (STAGES[progress.stage] ?? progress.stage) : 'Starting';
}

/** "Training · Ada, spring talk". */
export function useJobTitle(): (job: JobView) => string {
  const { queries } = useStudio();
  const projects = useQuery(queries.projects.list.queryOptions()).data ?? [];
  return (job) => {
    const project = projects.find(({ id }) => id === job.projectId)?.name;
    return project === undefined ? kindName(job) : `${kindName(job)} · ${project}`;
  };
}
