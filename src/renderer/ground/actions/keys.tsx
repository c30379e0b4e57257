import { Kbd } from '@mantine/core';
import { keysOf } from './shortcut.ts';

/** A shortcut as keys; read out as one phrase. */
export function Keys({ shortcut }: { readonly shortcut: string }) {
  const keys = keysOf(shortcut);
  return (
    <span className="keys">
      <span className="visually-hidden">{keys.join(' ')}</span>
      {keys.map((key, place) => (
        <Kbd key={place} size="xs" aria-hidden>
          {key}
        </Kbd>
      ))}
    </span>
  );
}
