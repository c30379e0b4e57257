import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { clockTime } from '../../../../shared/domain/timecode.ts';

/** How long something goes on that began at a moment of the page's clock, ms. */
export function Since({ began }: { readonly began: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - began) / 1000)), 200);
    return () => clearInterval(timer);
  }, [began]);
  return (
    <Text size="sm" role="timer">
      {clockTime(seconds)}
    </Text>
  );
}
