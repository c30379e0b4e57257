import { Center, Loader, Stack, Text } from '@mantine/core';
import { useKeyboard } from '../ground/actions/index.ts';
import { FilmsDialog } from '../rooms/library/films-dialog.tsx';
import { ImportQueue } from '../rooms/library/import-queue.tsx';
import { LibraryPage } from '../rooms/library/library-page.tsx';
import { SettingsDialog } from '../rooms/settings/settings-dialog.tsx';
import { JobEndings } from '../jobs/job-endings.tsx';
import { JobsDrawer } from '../jobs/jobs-drawer.tsx';
import { WorkspacePage } from '../rooms/workspace/workspace-page.tsx';
import { ConnectionProvider } from '../ground/connection.tsx';
import { Header } from './header.tsx';
import { useLeaveGuard } from '../jobs/leave-guard.ts';
import { NoticeProvider } from '../ground/notices.tsx';
import { Part } from '../ground/part.tsx';
import { Palette } from './palette.tsx';
import { useRoute } from '../ground/route.ts';
import { useFollowSettings } from '../ground/settings.ts';
import { useWindowActions } from './window-actions.ts';

export function App() {
  return (
    <ConnectionProvider waiting={(lost) => <Waiting lost={lost} />}>
      <NoticeProvider>
        <ImportQueue>
          <Window />
        </ImportQueue>
      </NoticeProvider>
    </ConnectionProvider>
  );
}

function Window() {
  const route = useRoute();
  useFollowSettings();
  useLeaveGuard(false);
  useWindowActions(route);
  useKeyboard();
  return (
    <div className="window">
      <Header route={route} />
      <main>
        <Part where={route.kind} name="This page" resetOn={route.kind === 'library' ? '' : route.id}>
          {route.kind === 'library' ? (
            <LibraryPage />
          ) : (
            <WorkspacePage key={route.id} id={route.id} step={route.step} />
          )}
        </Part>
      </main>
      <Palette />
      <JobsDrawer />
      <SettingsDialog />
      <FilmsDialog />
      <JobEndings route={route} />
    </div>
  );
}

function Waiting({ lost }: { readonly lost: boolean }) {
  return (
    <Center h="100vh" role="status">
      <Stack align="center">
        <Loader />
        <Text>
          {lost ? 'Likeness does not answer. Is the program still running? Trying again…' : 'Opening the library…'}
        </Text>
      </Stack>
    </Center>
  );
}
