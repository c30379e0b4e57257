import { carries, type Message, Watermark } from '../watermark/index.ts';
import type { Picture } from '../engine/index.ts';
import type { InTheMaking, Pictures } from './job.ts';

/** The watermark's own version, which its message begins with. */
const VERSION = 1;
/** So much of an avatar's hash has room in it. */
const DIGITS = 9;

/** What the watermark of an avatar's films says. */
const messageOf = (avatarId: string): Message => ({ version: VERSION, avatar: avatarId.slice(0, DIGITS) });

/** The same pictures with the avatar's watermark; those that are too small for one stay as they are. */
export function watermarked(drawn: Pictures, avatarId: string): Pictures {
  const { format } = drawn;
  let watermark: Watermark | undefined;
  const lay = (picture: Picture): Picture => {
    if (!carries(picture)) return picture;
    watermark ??= new Watermark(picture, messageOf(avatarId));
    watermark.lay(picture.pixels, format);
    return picture;
  };
  async function* pictures(): AsyncGenerator<InTheMaking, void, undefined> {
    for await (const { picture } of drawn.pictures) yield { picture: picture.then(lay) };
  }
  return { ...drawn, pictures: pictures() };
}
