import '../ground/languages.ts'; // before any library asks the browser for its language
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/dropzone/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import 'uplot/dist/uPlot.min.css';
import './window.css';
import '../ground/house.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { followApplicationMenu } from '../ground/actions/index.ts';
import { Boundary } from '../ground/boundary.tsx';
import { watchForFaults } from '../ground/faults.ts';
import { App } from './app.tsx';
import { theme } from '../ground/theme.ts';
import { WindowFailed } from './window-failed.tsx';

watchForFaults();
followApplicationMenu();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
// The core tells of every change: nothing needs to be asked again on focus.
const cache = new QueryClient({
  defaultOptions: { queries: { refetchOnWindowFocus: false, retry: false, staleTime: 30_000 } },
});
createRoot(root).render(
  <Boundary where="window" failed={(error) => <WindowFailed error={error} />}>
    <MantineProvider theme={theme} defaultColorScheme="dark">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={cache}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </Boundary>,
);
