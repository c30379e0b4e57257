import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withoutControls } from '../../../shared/domain/plain-text.ts';

// The parts of OpenTimelineIO's documents that are written here, with the versions of their schemas that OTIO 0.15 and
// later read (https://opentimelineio.readthedocs.io/en/stable/tutorials/otio-serialized-schema.html).

/** What is known of a part beside what its schema says; below our own name, as OTIO asks for. */
type Facts = Readonly<Record<string, unknown>>;

/** Whole frames: where something begins, and how many it is. */
export interface Span {
  readonly first: number;
  readonly frames: number;
}

interface Part {
  readonly OTIO_SCHEMA: string;
  readonly [field: string]: unknown;
}

export interface Media {
  readonly path: string;
  readonly frames: number;
}

/** Builds documents whose times are frames at one rate. */
export class Otio {
  readonly #rate: number;

  /** `rate`: frames a second. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Tracks from the lowest to the highest; `shown`: what of them counts, all of it where it is null. */
  timeline(name: string, tracks: readonly Part[], shown: Span | null, markers: readonly Part[], facts: Facts): Part {
    const stack = { ...item('Stack.1', 'tracks', {}), source_range: shown && this.#range(shown), markers };
    return {
      OTIO_SCHEMA: 'Timeline.1',
      metadata: metadataOf(facts),
      name,
      global_start_time: null,
      tracks: { ...stack, children: tracks },
    };
  }

  /** Clips at their places, with gaps between them; none may begin before the one in front of it ends. */
  track(name: string, kind: 'Video' | 'Audio', placed: readonly { readonly at: Span; readonly clip: Part }[]): Part {
    const sorted = placed.toSorted((one, other) => one.at.first - other.at.first);
    const children = sorted.flatMap(({ at, clip }, k) => {
      const before = sorted[k - 1]?.at;
      const gap = at.first - (before ? before.first + before.frames : 0);
      return gap > 0 ? [this.#gap(gap), clip] : [clip];
    });
    return { ...item('Track.1', name, {}), children, kind };
  }

  /** Part of a file; `enabled`: whether it is seen and heard, `backwards`: whether its last frame comes first. */
  clip(
    name: string,
    media: Media,
    part: Span,
    {
      enabled = true,
      backwards = false,
      markers = [],
      facts = {},
    }: {
      readonly enabled?: boolean;
      readonly backwards?: boolean;
      readonly markers?: readonly Part[];
      readonly facts?: Facts;
    },
  ): Part {
    return {
      ...item('Clip.2', name, facts),
      source_range: this.#range(part),
      effects: backwards ? [BACKWARDS] : [],
      markers,
      enabled,
      media_references: { DEFAULT_MEDIA: this.#reference(media) },
      active_media_reference_key: 'DEFAULT_MEDIA',
    };
  }

  marker(name: string, at: Span, color: 'GREEN' | 'YELLOW', comment = ''): Part {
    return { OTIO_SCHEMA: 'Marker.2', metadata: {}, name, color, marked_range: this.#range(at), comment };
  }

  #gap(frames: number): Part {
    return { ...item('Gap.1', '', {}), source_range: this.#range({ first: 0, frames }) };
  }

  #reference({ path, frames }: Media): Part {
    return {
      OTIO_SCHEMA: 'ExternalReference.1',
      metadata: {},
      name: basename(path),
      available_range: this.#range({ first: 0, frames }),
      available_image_bounds: null,
      target_url: pathToFileURL(path).href,
    };
  }

  #range({ first, frames }: Span): Part {
    return { OTIO_SCHEMA: 'TimeRange.1', start_time: this.#time(first), duration: this.#time(frames) };
  }

  #time(value: number): Part {
    return { OTIO_SCHEMA: 'RationalTime.1', rate: this.#rate, value };
  }
}

const BACKWARDS: Part = {
  OTIO_SCHEMA: 'LinearTimeWarp.1',
  metadata: {},
  name: '',
  effect_name: 'LinearTimeWarp',
  enabled: true,
  time_scalar: -1,
};

function item(schema: string, name: string, facts: Facts): Part {
  const metadata = metadataOf(facts);
  return { OTIO_SCHEMA: schema, metadata, name, source_range: null, effects: [], markers: [], enabled: true };
}

const metadataOf = (facts: Facts): object => (Object.keys(facts).length > 0 ? { likeness: facts } : {});

/** As a file. A name may hold what other programs do not read: half a character, or what they take for its end. */
export function written(timeline: Part): string {
  const whole = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? withoutControls(value.toWellFormed()) : value;
  return `${JSON.stringify(timeline, whole, 2)}\n`;
}
