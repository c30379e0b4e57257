import { InvalidArgumentError } from 'commander';
import { LONGEST_NAME } from '../../shared/domain/names.ts';
import { Unfit } from '../../shared/domain/written/index.ts';

/** What commander passes to an option's parser; what it throws is shown as a sentence after the option's name. */

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or above.');
  return Number(text);
}

/** What reads a value that is written elsewhere too. */
export function asOption<Value>(read: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw error instanceof Unfit ? new InvalidArgumentError(error.message) : error;
    }
  };
}

/** How a take of a project is named; the second, where it may be left out. */
export const TAKE = 'an id, or a name that only one take of the project has';
export const TAKE_OR_OPEN = `${TAKE} (default: the open one)`;

/** What people call something. */
export function ownName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > LONGEST_NAME)
    throw new InvalidArgumentError(`It must have 1 to ${LONGEST_NAME} characters.`);
  return name;
}
