import { Alert, Anchor } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { go } from '../../../ground/route.ts';
import { MouthStrength } from './mouth-strength.tsx';
import { PoseChoice } from './pose-choice.tsx';
import { SoundList } from './sound-list.tsx';
import { StyleChoice } from './style-choice.tsx';
import { Variation } from './variation.tsx';

/** What the avatar says, how its head moves meanwhile, and how it holds its face. */
export function PerformPanel({ project }: { readonly project: ProjectDetail }) {
  return (
    <div className="perform">
      {!project.trained && !project.checkpoint?.shown && (
        <Alert title="No avatar yet">
          What you lay on the timeline is kept. To see the avatar say it,{' '}
          <Anchor
            component="button"
            type="button"
            inherit
            c="inherit"
            underline="always"
            onClick={() => go({ kind: 'project', id: project.id, step: 'train' })}
          >
            make it first
          </Anchor>
          .
        </Alert>
      )}
      <SoundList project={project} />
      <PoseChoice project={project} />
      <MouthStrength />
      <Variation />
      <StyleChoice project={project} />
    </div>
  );
}
