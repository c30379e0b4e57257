import { useQuery } from '@tanstack/react-query';
import type { ListView } from '../../../shared/contract/lists.ts';
import { useStudio } from '../../ground/connection.tsx';

/** The list of films that was begun last, in whichever window; null before the first. */
export function useNewestList(): ListView | null {
  const { queries } = useStudio();
  return useQuery(queries.lists.newest.queryOptions()).data ?? null;
}

/** "3 of 20 films are there." */
export function countedFilms({ rows }: ListView): string {
  const there = rows.filter(({ state }) => state === 'made' || state === 'there').length;
  return `${there} of ${rows.length} ${rows.length === 1 ? 'film is' : 'films are'} there.`;
}
