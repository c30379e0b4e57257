import { Button } from '@mantine/core';
import { strokesOf } from '../../ground/actions/index.ts';
import { takeFocus } from '../../ground/keep-focus.ts';

/** Waits for the next keys. Escape and Tab leave it, as everywhere. */
export function KeyCapture({
  title,
  onPress,
  onCancel,
}: {
  readonly title: string;
  readonly onPress: (shortcut: string) => void;
  readonly onCancel: () => void;
}) {
  return (
    <Button
      size="compact-xs"
      variant="light"
      ref={takeFocus}
      data-takes-keys
      aria-label={`Press the keys for ${title}`}
      onBlur={onCancel}
      onKeyDown={(event) => {
        if (event.key === 'Tab') return;
        event.preventDefault();
        event.stopPropagation(); // neither the dialog nor the window acts on them
        if (event.key === 'Escape') return onCancel();
        const [shortcut] = strokesOf(event.nativeEvent);
        if (shortcut !== undefined) onPress(shortcut);
      }}
    >
      Press keys…
    </Button>
  );
}
