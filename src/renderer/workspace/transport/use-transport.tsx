import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';
import { takeSeconds } from '../../../shared/domain/take.ts';
import { useStudio } from '../../app/connection.tsx';
import { tell } from '../../app/errors.tsx';
import { media } from '../../host/media.ts';
import { useTakeEditor } from '../take/use-take.tsx';
import type { Playback } from './playback.ts';
import { TakeSound } from './take-sound.ts';
import { PlayTransport, type Transport, type TransportState } from './transport.ts';

interface Deck {
  readonly transport: PlayTransport;
  readonly sound: TakeSound;
}
const DeckContext = createContext<Deck | undefined>(undefined);

/** One playhead for a workspace, over its take and its sounds. */
export function TransportProvider({ project, children }: { readonly project: ProjectDetail; readonly children: ReactNode }) {
  const { queries } = useStudio();
  const editor = useTakeEditor();
  const { id } = project;
  const { duration, fps } = project.source;
  const [deck, setDeck] = useState<Deck>();
  useEffect(() => {
    const sound = new TakeSound({ fetch: (soundId) => fetchSound(id, soundId), failed: (_, error) => tell(error) });
    const transport = new PlayTransport({ duration, fps, sound });
    const follow = () => {
      const { take } = editor;
      transport.setTimeline({ duration: Math.max(duration, takeSeconds(take)), range: take.range });
      sound.setClips(take.clips);
    };
    follow();
    const forget = editor.subscribe(follow);
    setDeck({ transport, sound });
    return () => {
      forget();
      transport.close();
      sound.close();
    };
  }, [id, duration, fps, editor]);
  const pictures = project.pictures !== null;
  const times = useQuery(queries.pictureTimes.queryOptions({ input: { id }, enabled: pictures, staleTime: Number.POSITIVE_INFINITY })).data;
  useEffect(() => {
    if (times) deck?.transport.setFrames(times);
  }, [deck, times]);
  if (!deck) return null;
  return <DeckContext.Provider value={deck}>{children}</DeckContext.Provider>;
}

async function fetchSound(projectId: string, soundId: string): Promise<ArrayBuffer> {
  const answer = await fetch(media.sound(projectId, soundId));
  if (answer.ok) return answer.arrayBuffer();
  const said = (await answer.json().catch(() => undefined)) as { readonly error?: unknown } | undefined;
  throw said?.error ?? new Error(`The sound was answered with ${answer.status}.`);
}

function useDeck(): Deck {
  const deck = useContext(DeckContext);
  if (!deck) throw new Error('useTransport is used outside a workspace');
  return deck;
}

export function useTransport(): Transport {
  return useDeck().transport;
}

/** Renders with each event of the transport, scrubbing included; what only needs to draw asks `now()` instead. */
export function useTransportState(): TransportState {
  const { transport } = useDeck();
  return useSyncExternalStore(
    (listener) => transport.subscribe(listener),
    () => transport.state,
  );
}

/** As useTransportState, but renders only when what it does changes. */
export function usePlayback(): Playback {
  const { transport } = useDeck();
  return useSyncExternalStore(
    (listener) => transport.subscribe(listener),
    () => transport.state.playback,
  );
}

/** How loud it plays, 0 to 1. */
export function useSoundLevel(): (level: number) => void {
  const { sound } = useDeck();
  return (level) => sound.setLevel(level);
}
