import type { Locator, Page } from 'playwright-core';

/**
 * What is on a canvas, seen from afar: 16 by 16 grey levels, and how much they differ from one another (standard
 * deviation).
 */
export interface Picture {
  readonly pixels: readonly number[];
  readonly spread: number;
}

export function pictureOn(canvas: Locator): Promise<Picture> {
  return canvas.evaluate(seen);
}

/** A film in a player: its picture as it is now, and the loudest sample of its sound. */
export async function film(
  player: Locator,
): Promise<{ seconds: number; rows: number; spread: number; loudest: number }> {
  const { spread } = await player.evaluate(seen);
  return player.evaluate(async (video: HTMLVideoElement, spreadOfPicture) => {
    const bytes = await (await fetch(video.src)).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
    return {
      seconds: video.duration,
      rows: video.videoHeight,
      spread: spreadOfPicture,
      loudest: sound.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
    };
  }, spread);
}

/** In the page: it can name nothing outside itself. */
function seen(element: HTMLElement | SVGElement): Picture {
  const small = document.createElement('canvas');
  small.width = small.height = 16;
  const context = small.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(element as HTMLCanvasElement | HTMLVideoElement, 0, 0, 16, 16);
  const { data } = context.getImageData(0, 0, 16, 16);
  const pixels = Array.from({ length: 256 }, (_, i) =>
    Math.round((data[4 * i]! + data[4 * i + 1]! + data[4 * i + 2]!) / 3),
  );
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  return { pixels, spread: Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length) };
}

interface Heard {
  context: BaseAudioContext | undefined;
  loudest: number;
}

/** From now on remembers what the page gives to its audio thread. */
export async function watchSound(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sound: Heard = { context: undefined, loudest: 0 };
    (globalThis as unknown as { likenessHeard: Heard }).likenessHeard = sound;
    // oxlint-disable-next-line typescript/unbound-method -- called below with the node it is called on
    const usual = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...when: number[]) {
      sound.context = this.context;
      sound.loudest = (this.buffer?.getChannelData(0) ?? new Float32Array()).reduce(
        (most, sample) => Math.max(most, Math.abs(sample)),
        sound.loudest,
      );
      return usual.apply(this, when as []);
    };
  });
}

/** The audio clock, and the loudest sample that was given to it. */
export function heard(page: Page): Promise<{ state: string; seconds: number; loudest: number }> {
  return page.evaluate(() => {
    const { context, loudest } = (globalThis as unknown as { likenessHeard: Heard }).likenessHeard;
    return { state: context?.state ?? 'none', seconds: context?.currentTime ?? 0, loudest };
  });
}

/**
 * While it plays: how far the time that is shown went, and by how much it left the audio clock, in seconds, between
 * two stretches of the sound that are `seconds` long each; `fps`: of the video. A busy page shows the time late,
 * never early: of each stretch the least late moment counts.
 */
export function shownBesideSound(
  page: Page,
  stretches: { readonly seconds: number; readonly fps: number },
): Promise<{ played: number; drift: number }> {
  return page.evaluate(async ({ seconds: length, fps }) => {
    const { context } = (globalThis as unknown as { likenessHeard: Heard }).likenessHeard;
    const field = document.querySelector<HTMLInputElement>('.timecode input')!;
    const shown = () => {
      const [whole, frame] = field.value.split(':').slice(2).map(Number) as [number, number];
      return whole + frame / fps;
    };
    const clock = () => context!.currentTime;
    const picture = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const begun = shown();
    while (shown() === begun) await picture(); // the sound wakes
    const from = shown();
    const stretch = async (): Promise<number> => {
      let ahead = -Infinity;
      for (const end = clock() + length; clock() < end; await picture()) ahead = Math.max(ahead, shown() - clock());
      return ahead;
    };
    const [first, second] = [await stretch(), await stretch()];
    return { played: shown() - from, drift: second - first };
  }, stretches);
}
