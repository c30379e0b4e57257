import { Alert, Anchor, SegmentedControl } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { LaneName } from '../../../../shared/domain/lanes/index.ts';
import { go } from '../../../ground/route.ts';
import { Store, useStore } from '../../../ground/store.ts';
import { HearingNotice } from '../../../live/hearing-notice.tsx';
import { DriveOffer } from '../drive/drive-offer.tsx';
import { DriveProgress } from '../drive/drive-progress.tsx';
import { Manners } from './manners.tsx';
import { LANE_GROUPS } from '../timeline/keyed/lane-words.ts';
import { LivePart } from './live-part.tsx';
import { MouthStrength } from './mouth-strength.tsx';
import { Frontalise } from './move/frontalise.tsx';
import { LaneControls } from './move/lane-controls.tsx';
import { PoseChoice } from './pose-choice.tsx';
import { ScriptPart } from '../script/script-part.tsx';
import { SoundList } from './sound-list.tsx';
import { StyleChoice } from './style-choice.tsx';
import { Variation } from './variation.tsx';

const PARTS = ['Speech', 'Script', 'Live', 'Head', 'Place', 'Face', 'Eyes', 'Light'] as const;
type PerformPart = (typeof PARTS)[number];
/** Which part of the panel is open; the window keeps it from step to step. */
const shownPart = new Store<PerformPart>('Speech');

const lanesOf = (...groups: readonly string[]): readonly LaneName[] =>
  LANE_GROUPS.filter(({ name }) => groups.includes(name)).flatMap(({ lanes }) => lanes);

/** What the avatar says, and how all of it moves meanwhile. */
export function PerformPanel({ project }: { readonly project: ProjectDetail }) {
  const part = useStore(shownPart);
  const { fps } = project.source;
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
      <DriveProgress project={project} />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="What is set"
        value={part}
        data={[...PARTS]}
        onChange={(value) => shownPart.set(value as PerformPart)}
      />
      {part === 'Speech' && (
        <>
          <HearingNotice />
          <SoundList project={project} />
          <MouthStrength fps={fps} />
          <Variation fps={fps} />
          <StyleChoice project={project} />
        </>
      )}
      {part === 'Script' && <ScriptPart project={project} />}
      {part === 'Live' && <LivePart projectId={project.id} />}
      {part === 'Head' && (
        <>
          <Manners project={project} />
          <PoseChoice project={project} />
          <LaneControls lanes={lanesOf('Head')} fps={fps} />
          <Frontalise />
          <DriveOffer trained={project.trained} />
        </>
      )}
      {part === 'Place' && <LaneControls lanes={lanesOf('Place')} fps={fps} />}
      {part === 'Face' && <LaneControls lanes={lanesOf('Face', 'Their own faces')} fps={fps} />}
      {part === 'Eyes' && <LaneControls lanes={lanesOf('Gaze', 'Blinks')} fps={fps} />}
      {part === 'Light' && <LaneControls lanes={lanesOf('Light')} fps={fps} />}
    </div>
  );
}
