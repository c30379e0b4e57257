import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FilmPlayer, FilmTransport } from './film-transport.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A film of two seconds that goes on when it is told to. */
class Film extends EventTarget {
  currentTime = 0;
  duration = 2;
  playbackRate = 1;
  loop = false;
  running = false;
  play(): Promise<void> {
    this.running = true;
    return Promise.resolve();
  }
  pause(): void {
    this.running = false;
  }
}

function shown() {
  const film = new Film();
  const transport = new FilmTransport(film as unknown as FilmPlayer, 25);
  film.dispatchEvent(new Event('loadedmetadata'));
  return { film, transport };
}

test('a film plays, pauses and goes faster by the commands of the transport', () => {
  const { film, transport } = shown();
  transport.toggle();
  expect([film.running, film.playbackRate, transport.state.playback]).toEqual([true, 1, { kind: 'playing', rate: 1 }]);
  transport.shuttle(1);
  expect([film.running, film.playbackRate]).toEqual([true, 2]);
  transport.toggle();
  expect([film.running, transport.state.playback.kind]).toEqual([false, 'paused']);
  transport.setLoop(true);
  expect([film.loop, transport.state.loop]).toEqual([true, true]);
});

test('a film that is asked to play before its length is known plays as soon as it is', () => {
  const film = new Film();
  const transport = new FilmTransport(film as unknown as FilmPlayer, 25);
  transport.toggle();
  film.dispatchEvent(new Event('loadedmetadata'));
  expect([film.running, transport.state.playback]).toEqual([true, { kind: 'playing', rate: 1 }]);

  const other = new Film();
  const changed = new FilmTransport(other as unknown as FilmPlayer, 25);
  changed.toggle();
  changed.toggle();
  other.dispatchEvent(new Event('loadedmetadata'));
  expect(other.running).toBe(false);
});

test('it goes by frames and to a time, and never beyond its ends', () => {
  const { film, transport } = shown();
  transport.seek(1);
  transport.step(2);
  expect(film.currentTime).toBeCloseTo(1.08);
  transport.step(-1);
  expect(film.currentTime).toBeCloseTo(1.04);
  transport.seek(9);
  expect(film.currentTime).toBe(2);
});

test('it goes backwards until its beginning, and from its end it plays anew', () => {
  const { film, transport } = shown();
  transport.seek(0.25);
  transport.shuttle(-1);
  vi.advanceTimersByTime(100);
  expect(film.currentTime).toBeCloseTo(0.15);
  vi.advanceTimersByTime(1000);
  expect([film.currentTime, transport.state.playback.kind, vi.getTimerCount()]).toEqual([0, 'paused', 0]);
  transport.play();
  film.currentTime = 2;
  film.dispatchEvent(new Event('ended'));
  expect(transport.state.playback.kind).toBe('paused');
  transport.play();
  expect([film.currentTime, film.running]).toEqual([0, true]);
});

test('a scrub shows places and goes on as before; closed, it is still and silent', () => {
  const { film, transport } = shown();
  transport.play();
  transport.beginScrub();
  expect(film.running).toBe(false);
  transport.scrubTo(1.5);
  expect(film.currentTime).toBe(1.5);
  transport.endScrub();
  expect(film.running).toBe(true);
  const heard = vi.fn<() => void>();
  transport.subscribe(heard);
  transport.close();
  film.dispatchEvent(new Event('seeked'));
  expect([film.running, heard.mock.calls.length]).toEqual([false, 0]);
});
