import { useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Settings } from '../../shared/contract/system.ts';
import { actions } from './actions/index.ts';
import { useStudio } from './connection.tsx';
import { tell } from './errors.tsx';

/** The library's settings, the same in every window; undefined until they are here. */
export function useSettings(): {
  readonly settings: Settings | undefined;
  readonly change: (change: Partial<Settings>) => void;
} {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const { data: settings } = useQuery(queries.settings.get.queryOptions({ staleTime: Infinity }));
  const change = (next: Partial<Settings>): void => {
    // Shown at once; the core's notice brings what it made of it.
    if (settings) cache.setQueryData(queries.settings.get.queryKey(), { ...settings, ...next });
    client.settings.change(next).catch((error: unknown) => {
      tell(error);
      void cache.invalidateQueries({ queryKey: queries.settings.key() });
    });
  };
  return { settings, change };
}

/** Theme and keys follow the library's settings, wherever they were changed. */
export function useFollowSettings(): void {
  const { settings } = useSettings();
  const { setColorScheme } = useMantineColorScheme();
  const theme = settings?.theme;
  const own = settings?.shortcuts;
  useEffect(() => {
    if (theme) setColorScheme(theme === 'system' ? 'auto' : theme);
    // setColorScheme is a new function each render
    // oxlint-disable-next-line react/exhaustive-deps
  }, [theme]);
  useEffect(() => {
    if (own) actions.setOwn(own);
  }, [own]);
}
