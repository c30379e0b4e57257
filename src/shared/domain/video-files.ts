/** What may be a video, by the ending of its name. */
export const VIDEO_ENDINGS: readonly string[] = ['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi'];
