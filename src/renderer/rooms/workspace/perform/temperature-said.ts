interface Known {
  readonly trained: boolean;
  readonly varies: boolean | null;
  readonly unfinished: boolean;
}

/** Why there is no temperature to choose, or what it does. */
export function temperatureSaid({ trained, varies, unfinished }: Known): string {
  if (!trained) return 'How else this person might say it is known once there is an avatar.';
  if (varies === null) return 'How else this person might say it is known once the avatar is open.';
  if (!varies && unfinished)
    return (
      'How else this person might say it is known once this training is finished. ' +
      'Until then the mouth is the likeliest one.'
    );
  if (!varies)
    return (
      'This avatar has not learnt how else this person might say it: ' +
      'train it again from a video with their own voice.'
    );
  return 'At 0 % the mouth is the likeliest one. More draws another that goes with the sound, the same each time.';
}
