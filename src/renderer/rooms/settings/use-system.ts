import { useQuery } from '@tanstack/react-query';
import { useStudio } from '../../ground/connection.tsx';

/** What this program is, and where; it does not change while it runs. */
export function useAbout() {
  const { queries } = useStudio();
  return useQuery(queries.system.about.queryOptions({ staleTime: Infinity }));
}

/** What is here and what is missing on this computer; takes a few seconds, so it is asked once a visit. */
export function useHealth() {
  const { queries } = useStudio();
  return useQuery(queries.system.examine.queryOptions({ staleTime: 60_000 }));
}
