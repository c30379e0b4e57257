import { Text } from '@mantine/core';
import { useLiveHearingNotice } from './live-provider.tsx';

/** Says that an avatar does not hear with what it was trained with, and why. */
export function HearingNotice() {
  const notice = useLiveHearingNotice();
  return notice === null ? null : (
    <Text size="sm" role="status">
      {notice}
    </Text>
  );
}
