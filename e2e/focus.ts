/**
 * Runs in the page: whether somebody sees where the focus is. 'seen', or what is wrong. Outlines may lie on what stands
 * for the control: the label of a radio button that is itself invisible, for instance.
 */
export function focusShows(): string {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === document.body) return 'nothing has the focus';
  const outlined = (element: Element | null | undefined): boolean => {
    if (!element) return false;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1 && !/, 0\)$|transparent/.test(outlineColor);
  };
  const labels = focused instanceof HTMLInputElement ? [...(focused.labels ?? [])] : [];
  const standing = [focused, focused.nextElementSibling, focused.parentElement, ...labels];
  const box = focused.getBoundingClientRect();
  const inSight = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  if (!inSight) return `it is out of sight: ${focused.outerHTML.slice(0, 160)}`;
  if (standing.some(outlined)) return 'seen';
  // A text field shows it by its caret and its border.
  if (focused.matches('textarea, input:not([type=radio]):not([type=checkbox])')) {
    const border = getComputedStyle(focused).borderTopColor;
    const usual = document.createElement('div');
    usual.style.color = 'var(--mantine-color-default-border)';
    focused.after(usual);
    const quiet = getComputedStyle(usual).color;
    usual.remove();
    if (border !== quiet) return 'seen';
  }
  return `nothing shows it: ${focused.outerHTML.slice(0, 160)}`;
}
