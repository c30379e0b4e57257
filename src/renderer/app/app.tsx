import { Center, Loader, Stack, Text } from '@mantine/core';
import { useKeyboard } from '../actions/index.ts';
import { ImportQueue } from '../library/import-queue.tsx';
import { LibraryPage } from '../library/library-page.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { JobEndings } from '../workspace/jobs/job-endings.tsx';
import { JobsDrawer } from '../workspace/jobs/jobs-drawer.tsx';
import { WorkspacePage } from '../workspace/workspace-page.tsx';
import { ConnectionProvider } from './connection.tsx';
import { Header } from './header.tsx';
import { useLeaveGuard } from './leave-guard.ts';
import { NoticeProvider } from './notices.tsx';
import { Palette } from './palette.tsx';
import { useRoute } from './route.ts';
import { useFollowSettings } from './settings.ts';
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
        {route.kind === 'library' ? <LibraryPage /> : <WorkspacePage key={route.id} id={route.id} step={route.step} />}
      </main>
      <Palette />
      <JobsDrawer />
      <SettingsDialog />
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
