import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ProjectDetail, TakeView } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { offerWayBack } from '../../../ground/way-back.tsx';
import { useOpenTakes } from '../../../take/use-take.tsx';

export interface ProjectTakes {
  /** The take in hand, as the project's list has it. */
  readonly open: TakeView | undefined;
  readonly choose: (id: string) => void;
  /** The next one in the list, or the one before; round at its ends. */
  readonly step: (by: 1 | -1) => void;
  readonly create: () => void;
  readonly duplicate: () => void;
  readonly rename: (name: string) => Promise<void>;
  readonly remove: () => void;
  readonly bringBack: (id: string) => void;
}

/** What can be done with the takes of a project; what fails is told. */
export function useTakes({ id, takes, removedTakes }: ProjectDetail): ProjectTakes {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const hand = useOpenTakes();
  const place = takes.findIndex((take) => take.id === hand.id);
  const open = takes[place];
  const choose = (take: string) => void hand.takes.open(take).catch(tell);
  const usual = takes.find((take) => take.open)?.id ?? takes[0]!.id;
  useEffect(() => {
    // It was removed in another window, or before a reload: the list says so, whichever is in hand when it comes.
    if (removedTakes.some((take) => take.id === hand.takes.inHand?.id)) hand.takes.open(usual).catch(tell);
  }, [hand.takes, removedTakes, usual]);
  /** The list that is on screen knows it, before it is opened. */
  const openListed = async (take: string) => {
    await cache.invalidateQueries({ queryKey: queries.projects.get.key({ input: { id } }) });
    await hand.takes.open(take);
  };
  const make = async (of?: string) => {
    await hand.takes.flush(); // what is duplicated is what is on screen
    await openListed((await client.takes.create({ id, take: of })).id);
  };
  const bringBack = async (take: string) => {
    await client.takes.bringBack({ id, take });
    notifications.hide(noticeOf(take));
    await openListed(take);
  };
  const remove = async ({ id: take, name }: TakeView) => {
    const next = takes[place + 1] ?? takes[place - 1];
    if (!next) return;
    await hand.takes.open(next.id);
    await client.takes.remove({ id, take });
    offerWayBack(noticeOf(take), `“${name}” was removed.`, () => bringBack(take));
  };
  return {
    open,
    choose,
    step: (by) => choose(takes[(place + by + takes.length) % takes.length]!.id),
    create: () => void make().catch(tell),
    duplicate: () => void make(hand.id).catch(tell),
    rename: async (name) => void (await client.takes.rename({ id, take: hand.id, name })),
    remove: () => open && void remove(open).catch(tell),
    bringBack: (take) => void bringBack(take).catch(tell),
  };
}

const noticeOf = (take: string): string => `removed ${take}`;
