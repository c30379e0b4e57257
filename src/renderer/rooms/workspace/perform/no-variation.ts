interface Known {
  readonly trained: boolean;
  readonly varies: boolean | null;
  readonly unfinished: boolean;
}

/** Why there is no variation to choose; undefined where there is. */
export function noVariation({ trained, varies, unfinished }: Known): string | undefined {
  if (!trained) return 'Known once there is an avatar.';
  if (varies === null) return 'Known once the avatar is open.';
  if (varies) return undefined;
  return unfinished
    ? 'Known once this training is finished; until then the mouth is the likeliest one.'
    : 'This avatar has not learnt it: train it again from a video with their own voice.';
}
