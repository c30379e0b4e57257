"""The median of a plate's samples, compiled."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def masked_median(stack, clear, enough, median, seen):  # type: ignore[no-untyped-def]
    """Of each pixel the median of the first `enough` of the samples stack [n, h, w] u8 that are clear [n, h, w] u8,
    into median [h, w] u8, and how many there were into seen [h, w] u8."""
    count, height, width = clear.shape
    values = np.zeros(count, np.uint8)
    for y in range(height):
        for x in range(width):
            n = 0
            for k in range(count):
                if clear[k, y, x]:
                    value = stack[k, y, x]
                    at = n
                    while at > 0 and values[at - 1] > value:
                        values[at] = values[at - 1]
                        at -= 1
                    values[at] = value
                    n += 1
                    if n == enough:
                        break
            if n:
                median[y, x] = values[n // 2]
            seen[y, x] = n
