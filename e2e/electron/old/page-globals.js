/* oxlint-disable typescript/unbound-method -- they are only asked whether they are there */
// What Chromium 114 lacks of what our window uses. Each is enough for that, and no more.
Promise.withResolvers ??= function () {
  const made = {};
  made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
AbortSignal.any ??= (signals) => {
  const either = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) either.abort(signal.reason);
    else signal.addEventListener('abort', () => either.abort(signal.reason), { once: true });
  }
  return either.signal;
};
Map.groupBy ??= (all, keyOf) => {
  const groups = new Map();
  let index = 0;
  for (const one of all) {
    const key = keyOf(one, index++);
    if (groups.has(key)) groups.get(key).push(one);
    else groups.set(key, [one]);
  }
  return groups;
};
Object.groupBy ??= (all, keyOf) => Object.fromEntries(Map.groupBy(all, keyOf));
Set.prototype.union ??= function (other) {
  return new Set([...this, ...other]);
};
Set.prototype.difference ??= function (other) {
  return new Set([...this].filter((one) => !other.has(one)));
};
Set.prototype.isSubsetOf ??= function (other) {
  return [...this].every((one) => other.has(one));
};
URL.canParse ??= (address, base) => {
  try {
    return Boolean(new URL(address, base));
  } catch {
    return false;
  }
};
