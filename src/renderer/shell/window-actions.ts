import { useQuery } from '@tanstack/react-query';
import { type Action, useActions } from '../ground/actions/index.ts';
import { useStudio } from '../ground/connection.tsx';
import { overPage } from '../ground/over-page.ts';
import { go, STEP_NAMES, STEPS, type Route } from '../ground/route.ts';
import { useSettings } from '../ground/settings.ts';

const NEXT_THEME = { dark: 'light', light: 'system', system: 'dark' } as const;

/** The commands that are there wherever the window is. */
export function useWindowActions(route: Route): void {
  const { settings, change } = useSettings();
  const theme = NEXT_THEME[settings?.theme ?? 'system'];
  const { queries } = useStudio();
  const projects = useQuery(queries.projects.list.queryOptions()).data ?? [];
  const open = projects.find(({ id }) => route.kind === 'project' && route.id === id);
  const offered: readonly Action[] = [
    {
      id: 'window.palette',
      title: 'Find a command or a project',
      group: 'Window',
      shortcuts: ['Mod+K'],
      everywhere: true,
      run: () => overPage.toggle({ kind: 'palette' }),
    },
    {
      id: 'window.library',
      title: 'Library',
      group: 'Window',
      shortcuts: ['Alt+0'],
      enabled: route.kind !== 'library',
      run: () => go({ kind: 'library' }),
    },
    {
      id: 'window.jobs',
      title: 'Jobs',
      group: 'Window',
      shortcuts: ['Mod+J'],
      everywhere: true,
      run: () => overPage.toggle({ kind: 'jobs' }),
    },
    {
      id: 'window.settings',
      title: 'Settings',
      group: 'Window',
      shortcuts: ['Mod+,'],
      everywhere: true,
      run: () => overPage.toggle({ kind: 'settings', page: 'general' }),
    },
    {
      id: 'window.shortcuts',
      title: 'Keyboard shortcuts',
      group: 'Window',
      shortcuts: ['?'],
      run: () => overPage.show({ kind: 'settings', page: 'shortcuts' }),
    },
    {
      id: 'window.theme',
      title: `Theme: ${theme === 'system' ? 'as the system' : theme}`,
      group: 'Window',
      run: () => change({ theme }),
    },
    {
      id: 'window.check',
      title: 'Check a file',
      group: 'Window',
      run: () => overPage.show({ kind: 'settings', page: 'check' }),
    },
    {
      id: 'window.report',
      title: 'Debug report',
      group: 'Help',
      run: () => overPage.show({ kind: 'settings', page: 'report' }),
    },
    {
      id: 'window.about',
      title: 'About Likeness',
      group: 'Help',
      run: () => overPage.show({ kind: 'settings', page: 'about' }),
    },
    ...STEPS.map((step, place) => ({
      id: `project.${step}`,
      title: `Go to ${STEP_NAMES[step]}`,
      group: 'Project',
      shortcuts: [`Alt+${place + 1}`],
      enabled: open !== undefined && route.kind === 'project' && route.step !== step,
      run: () => open && go({ kind: 'project', id: open.id, step }),
    })),
  ];
  useActions(offered);
}
