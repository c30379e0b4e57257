/** On what basis a person may be shown, and what whoever states it says by it. */
export const CONSENT_MEANINGS = {
  self: 'It is you, and you agree that an avatar of you says what you never said.',
  permission: 'The person agreed to an avatar of them that says what it is given. Keep what shows it.',
  synthetic: 'Nobody real is seen: the person is drawn or generated, and not in the likeness of anybody.',
} as const;

/** The largest file that a consent keeps: a letter, or some minutes of a recording. */
export const LARGEST_ATTACHMENT = 512 * 2 ** 20; // bytes
/** The longest name that is kept of it. */
export const LONGEST_FILE_NAME = 255;
