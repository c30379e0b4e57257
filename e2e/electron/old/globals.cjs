/* oxlint-disable typescript/unbound-method -- they are only asked whether they are there */
// What Node 18 lacks of what our main process uses. Each is enough for that, and no more.
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
Set.prototype.union ??= function (other) {
  return new Set([...this, ...other]);
};
Set.prototype.difference ??= function (other) {
  return new Set([...this].filter((one) => !other.has(one)));
};
Array.fromAsync ??= async (source) => {
  const all = [];
  for await (const one of source) all.push(one);
  return all;
};
Object.groupBy ??= (all, keyOf) => {
  const groups = {};
  let index = 0;
  for (const one of all) (groups[keyOf(one, index++)] ??= []).push(one);
  return groups;
};
{
  const { Dirent } = require('node:fs');
  if (!('parentPath' in Dirent.prototype))
    Object.defineProperty(Dirent.prototype, 'parentPath', {
      get() {
        return this.path;
      },
    });
}
