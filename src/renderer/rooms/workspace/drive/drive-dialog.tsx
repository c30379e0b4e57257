import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import type { VideoFile } from '../../../ground/host/index.ts';
import { useLeaveGuard } from '../../../jobs/leave-guard.ts';
import { ConsentChoice, givenBy, NO_CONSENT } from '../../library/consent-choice.tsx';
import { handOver, isStop, nameOf, type Taken } from '../../library/import-video.ts';
import { Refused } from '../../library/sending-list.tsx';

type State =
  | { readonly kind: 'looking'; readonly share: number }
  | { readonly kind: 'asking'; readonly taken: Taken }
  | { readonly kind: 'starting'; readonly taken: Taken }
  | { readonly kind: 'refused'; readonly error: unknown };

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
  useEffect(() => {
    const stop = new AbortController();
    const show = (next: State) => stop.signal.aborted || setState(next);
    handOver(client, file, (share) => show({ kind: 'looking', share }), stop.signal).then(
      (taken) => {
        if (stop.signal.aborted) void client.projects.leaveOut({ file: taken.file });
        else show({ kind: 'asking', taken });
      },
      (error: unknown) => isStop(error) || show({ kind: 'refused', error }),
    );
    return () => stop.abort();
  }, [client, file]);

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
      onClose={close}
      title={TITLES[state.kind]}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {state.kind === 'looking' && (
        <Stack gap="xs">
          <Text size="sm" truncate>
            {file.name}
          </Text>
          <Progress value={100 * state.share} animated={state.share >= 1} aria-label={`Looking at ${file.name}`} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
          </Group>
        </Stack>
      )}
      {state.kind === 'refused' && (
        <Stack>
          <Refused name={file.name} error={state.error} />
          <Group justify="flex-end">
            <Button onClick={close} data-autofocus>
              Close
            </Button>
          </Group>
        </Stack>
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
