import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { useStudio } from '../../ground/connection.tsx';
import { useLeaveGuard } from '../../jobs/leave-guard.ts';
import type { VideoFile } from '../../ground/host/index.ts';
import { type Answer, ConsentForm } from './consent-form.tsx';
import { type HandingOver, HandingOverStep, useHandingOver } from './handing-over.tsx';
import { type Import, importVideo, nameOf, type Sending, type Taken } from './import-video.ts';
import { SendingList } from './sending-list.tsx';

type State =
  | HandingOver
  | {
      readonly kind: 'sending' | 'ended';
      readonly imports: readonly Import[];
      readonly states: readonly Sending[];
      readonly stops: readonly AbortController[];
    };

interface Props {
  readonly file: VideoFile;
  /** Those that were dropped with it and come after it. */
  readonly others: readonly VideoFile[];
  /** How many videos were dealt with, and the project to show when one was imported. */
  readonly onDone: (count: number, projectId?: string) => void;
}

/** Before anything is stored: can this be read, who is in it, and may they be made to speak? */
export function ConsentDialog({ file, others, onDone }: Props) {
  const { client } = useStudio();
  const [state, setState] = useState<State>({ kind: 'looking', share: 0 });
  const busy = state.kind === 'sending';
  useLeaveGuard(busy || state.kind === 'looking');
  useHandingOver(file, setState);

  const begin = async ({ file: taken }: Taken, { name, consent, all }: Answer) => {
    const imports: Import[] = [
      { file, taken, name, consent },
      ...(all ? others.map((other) => ({ file: other, name: nameOf(other), consent })) : []),
    ];
    const stops = imports.map(() => new AbortController());
    const states: Sending[] = imports.map(() => ({ kind: 'waiting' }));
    const show = (kind: 'sending' | 'ended') => setState({ kind, imports, states: [...states], stops });
    show('sending');
    for (const [place, one] of imports.entries()) {
      await importVideo(
        client,
        one,
        (sending) => {
          states[place] = sending;
          show('sending');
        },
        stops[place]!.signal,
      );
    }
    if (states.some(({ kind }) => kind === 'failed')) return show('ended'); // what was refused is read first
    onDone(imports.length, lastOf(states));
  };
  const leaveOut = () => {
    if (state.kind === 'asking') void client.projects.leaveOut({ file: state.taken.file });
    onDone(1);
  };
  const close = () => (state.kind === 'ended' ? onDone(state.imports.length, lastOf(state.states)) : leaveOut());

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
        <HandingOverStep
          name={file.name}
          state={state}
          onClose={close}
          closing={others.length > 0 ? 'Go on with the next' : 'Close'}
        />
      )}
      {state.kind === 'asking' && (
        <ConsentForm
          file={file}
          picture={state.taken.picture}
          others={others.length}
          onCancel={close}
          onAnswer={(answer) => void begin(state.taken, answer)}
        />
      )}
      {(state.kind === 'sending' || state.kind === 'ended') && (
        <Stack>
          <SendingList imports={state.imports} states={state.states} stops={state.stops} />
          {state.kind === 'ended' && (
            <Group justify="flex-end">
              <Button onClick={close}>Close</Button>
            </Group>
          )}
        </Stack>
      )}
    </Modal>
  );
}

const TITLES: Readonly<Record<State['kind'], string>> = {
  looking: 'Looking at the video',
  refused: 'This cannot be imported',
  asking: 'Whose face is this?',
  sending: 'Importing',
  ended: 'Not everything was imported',
};

function lastOf(states: readonly Sending[]): string | undefined {
  return states.findLast((one) => one.kind === 'imported')?.projectId;
}
