/** The circles, each as its way round; where several share nodes, one of them may stand for all. */
export function circlesIn(arrows: ReadonlyMap<string, Iterable<string>>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (node: string): void => {
    const at = way.indexOf(node);
    if (at >= 0) return void found.push([...way.slice(at), node]);
    if (done.has(node)) return;
    way.push(node);
    for (const next of arrows.get(node) ?? []) visit(next);
    way.pop();
    done.add(node);
  };
  for (const node of arrows.keys()) visit(node);
  return found;
}
