import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { useNotices } from '../../../ground/notices.tsx';
import { offerWayBack } from '../../../ground/way-back.tsx';
import { useOpenTakes } from '../../../take/use-take.tsx';

/**
 * Opens the take that a video made, in the window that asked for it, a reload included; the way back is one press away.
 * Answers what remembers a job as this window's.
 */
export function useDriven({ id }: Pick<ProjectDetail, 'id'>): (job: string) => void {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const hand = useOpenTakes();
  const show = async () => {
    const before = hand.id;
    const { id: take, name } = await client.takes.get({ id }); // the newest is the open one
    await cache.invalidateQueries({ queryKey: queries.projects.get.key({ input: { id } }) });
    await hand.takes.open(take);
    const notice = `driven ${take}`;
    offerWayBack(notice, `“${name}” is made and open.`, async () => {
      notifications.hide(notice);
      await hand.takes.open(before);
      await client.takes.remove({ id, take });
    });
  };
  useNotices((notice) => {
    if (notice.kind !== 'job' || notice.job.status !== 'done' || !asked().includes(notice.job.id)) return;
    remember(asked().filter((job) => job !== notice.job.id));
    if (notice.job.projectId === id) show().catch(tell);
  });
  return (job) => remember([...asked(), job]);
}

const KEY = 'likeness:driving';
const asked = (): readonly string[] => JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as string[];
const remember = (jobs: readonly string[]): void => sessionStorage.setItem(KEY, JSON.stringify(jobs));
