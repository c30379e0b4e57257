import { SegmentedControl } from '@mantine/core';
import { Store, useStore } from '../../../ground/store.ts';
import { CameraPart } from './camera-part.tsx';
import { MicrophonePart } from './microphone-part.tsx';
import { Outside } from './outside.tsx';

const PARTS = ['Microphone', 'Camera', 'OBS'] as const;
/** Which one is set; the window keeps it from step to step. Microphone and camera may both be on. */
const shownPart = new Store<(typeof PARTS)[number]>('Microphone');

/** What drives the avatar live, and who else sees it. */
export function LivePart({ projectId }: { readonly projectId: string }) {
  const part = useStore(shownPart);
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="What of it is live"
        value={part}
        data={[...PARTS]}
        onChange={(value) => shownPart.set(value as (typeof PARTS)[number])}
      />
      {part === 'Microphone' && <MicrophonePart />}
      {part === 'Camera' && <CameraPart />}
      {part === 'OBS' && <Outside projectId={projectId} />}
    </>
  );
}
