import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import type { VideoFile } from '../../../ground/host/index.ts';
import { useLeaveGuard } from '../../../jobs/leave-guard.ts';
import { ConsentChoice, givenBy, NO_CONSENT } from '../../library/consent-choice.tsx';
import { type HandingOver, HandingOverStep, useHandingOver } from '../../library/handing-over.tsx';
import { nameOf, type Taken } from '../../library/import-video.ts';

type State = HandingOver | { readonly kind: 'starting'; readonly taken: Taken };

interface Props {
  readonly project: ProjectDetail;
  readonly file: VideoFile;
  /** A job takes it from here. */
  readonly onStarted: (job: string) => void;
  readonly onClose: () => void;
}

/** Before anybody is followed: can this be read, who is in it, and may their movement be used? */
export function DriveDialog({ project, file, onStarted, onClose }: Props) {
  const { client } = useStudio();
  const [state, setState] = useState<State>({ kind: 'looking', share: 0 });
  const [draft, setDraft] = useState(NO_CONSENT);
  const consent = givenBy(draft);
  useLeaveGuard(state.kind === 'looking' || state.kind === 'starting');
  useHandingOver(file, setState);

  const close = () => {
    if (state.kind === 'asking') void client.projects.leaveOut({ file: state.taken.file });
    onClose();
  };
  const begin = async (taken: Taken) => {
    if (!consent) return;
    setState({ kind: 'starting', taken });
    try {
      const asked = { id: project.id, file: taken.file, name: nameOf(file), consent };
      onStarted((await client.work.drive(asked)).jobId);
      onClose();
    } catch (error) {
      setState({ kind: 'refused', error });
    }
  };
  const busy = state.kind === 'starting';
  return (
    <Modal
      opened
      size="lg"
      onClose={close}
      title={TITLES[state.kind]}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {(state.kind === 'looking' || state.kind === 'refused') && (
        <HandingOverStep name={file.name} state={state} onClose={close} />
      )}
      {(state.kind === 'asking' || state.kind === 'starting') && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void begin(state.taken);
          }}
        >
          <Stack>
            <img className="consent-picture" src={state.taken.picture} alt={`A moment of ${file.name}`} />
            <ConsentChoice
              label="The person in this video"
              kept="Kept in the library with this project."
              value={draft}
              onChange={setDraft}
            >
              {`How they move becomes a new take of “${project.name}”, with the video’s sound. ` +
                'Nothing else of the video is kept.'}
            </ConsentChoice>
            <Group justify="flex-end">
              <Button variant="default" onClick={close} disabled={busy}>
                Cancel
              </Button>
              <Button type="submit" disabled={!consent} loading={busy}>
                Drive
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

const TITLES: Readonly<Record<State['kind'], string>> = {
  looking: 'Looking at the video',
  asking: 'Whose movement is this?',
  starting: 'Whose movement is this?',
  refused: 'This cannot drive the avatar',
};
