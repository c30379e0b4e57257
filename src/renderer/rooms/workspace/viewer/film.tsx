import { ActionIcon, Group, Slider } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { media } from '../../../ground/host/media.ts';
import { Sign } from '../../../ground/signs.tsx';
import { FilmTransport } from '../transport/film-transport.ts';
import { loudness, useShowFilm, useSoundLevel } from '../transport/use-transport.tsx';

/** An exported film; the transport's commands are its own while it is on screen. */
export function Film({
  projectId,
  name,
  fps,
}: {
  readonly projectId: string;
  readonly name: string;
  readonly fps: number;
}) {
  const player = useRef<HTMLVideoElement>(null);
  const show = useShowFilm();
  const [level] = useSoundLevel();
  const [transport, setTransport] = useState<FilmTransport>();
  useEffect(() => {
    const film = new FilmTransport(player.current!, fps);
    setTransport(film);
    show(film);
    return () => {
      show(null);
      film.close();
    };
  }, [show, fps]);
  useEffect(() => {
    player.current!.volume = loudness(level);
  }, [level]);
  return (
    <div className="film">
      {/* It says what is on the timeline: there are no words to show. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        ref={player}
        playsInline
        src={media.export(projectId, name)}
        aria-label={`Exported video ${name}`}
        onClick={() => transport?.toggle()}
      />
      <Group className="film-bar" gap="sm" wrap="nowrap">
        {transport && <Position transport={transport} />}
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          aria-label="Full screen"
          title="Full screen"
          onClick={() => void player.current?.requestFullscreen()}
        >
          <Sign name="full" />
        </ActionIcon>
      </Group>
    </div>
  );
}

function Position({ transport }: { readonly transport: FilmTransport }) {
  const [time, setTime] = useState(0);
  const [{ duration, playback, fps }, setState] = useState(transport.state);
  const playing = playback.kind === 'playing';
  useEffect(() => {
    const follow = () => {
      setState(transport.state);
      setTime(transport.now());
    };
    follow();
    return transport.subscribe(follow);
  }, [transport]);
  useEffect(() => {
    if (!playing) return;
    let asked = requestAnimationFrame(function tick() {
      setTime(transport.now());
      asked = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(asked);
  }, [playing, transport]);
  return (
    <Slider
      flex={1}
      size="sm"
      min={0}
      max={Math.max(duration, 1 / fps)}
      step={1 / fps}
      value={time}
      label={null}
      thumbLabel="Place in the film"
      thumbValueText={(seconds) => timecode(seconds, fps)}
      onChange={(seconds) => {
        transport.beginScrub();
        transport.scrubTo(seconds);
      }}
      onChangeEnd={() => transport.endScrub()}
    />
  );
}
