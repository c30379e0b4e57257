import { Alert, Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useStudio } from '../../ground/connection.tsx';
import { explain } from '../../ground/errors.tsx';
import type { Step } from '../../ground/route.ts';
import { LiveProvider } from '../../live/live-provider.tsx';
import { CameraProvider } from './camera/use-camera.tsx';
import { MicrophoneProvider } from './microphone/use-microphone.tsx';
import { SoundIntakeProvider } from './sounds/sound-intake.tsx';
import { TakeProvider } from '../../take/use-take.tsx';
import { TimelineProvider } from './timeline/use-timeline.tsx';
import { TransportProvider } from './transport/use-transport.tsx';
import { Workspace } from './workspace.tsx';

/** Opens one project: what it is, its take, its playhead, its avatar. */
export function WorkspacePage({ id, step }: { readonly id: string; readonly step: Step }) {
  const { queries } = useStudio();
  const project = useQuery(queries.projects.get.queryOptions({ input: { id } }));
  if (project.isPending) {
    return (
      <Center h="100%">
        <Loader aria-label="Opening the project" />
      </Center>
    );
  }
  if (project.isError) return <Failed error={project.error} />;
  return (
    <TakeProvider projectId={id} failed={(error) => <Failed error={error} />}>
      <TransportProvider project={project.data}>
        <LiveProvider project={project.data}>
          <TimelineProvider>
            <SoundIntakeProvider project={project.data}>
              <MicrophoneProvider>
                <CameraProvider>
                  <Workspace project={project.data} step={step} />
                </CameraProvider>
              </MicrophoneProvider>
            </SoundIntakeProvider>
          </TimelineProvider>
        </LiveProvider>
      </TransportProvider>
    </TakeProvider>
  );
}

function Failed({ error }: { readonly error: unknown }) {
  const { message, hint } = explain(error);
  return (
    <Center h="100%">
      <Alert color="red" title={message}>
        {hint}
      </Alert>
    </Center>
  );
}
