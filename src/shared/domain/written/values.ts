/** What was written is no such value; the message says what is, as a sentence after the name of what was asked for. */
export class Unfit extends Error {}

export function within({ least, most }: { readonly least: number; readonly most: number }): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new Unfit(`It must be a number from ${least} to ${most}.`);
  };
}

export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    throw new Unfit(`It must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}.`);
  };
}
