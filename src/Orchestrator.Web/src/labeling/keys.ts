/** The class that a key stands for: the one that is called so, or else by its place, 1 to 9 and 0 for the tenth. */
export function classOfKey(classes: readonly string[], key: string): string | undefined {
  if (key.length !== 1) {
    return undefined;
  }
  return classes.find((name) => name.toLowerCase() === key.toLowerCase()) ?? (hasOwnKeys(classes) ? undefined : classes[placeOf(key)]);
}

/** The key of a class; none where it has no key. */
export function keyOfClass(classes: readonly string[], name: string): string | undefined {
  if (hasOwnKeys(classes)) {
    return name.toLowerCase();
  }
  const at = classes.indexOf(name);
  return at >= 0 && at < 10 ? String((at + 1) % 10) : undefined;
}

// Digits and letters as classes are pressed as they are; s and u have a meaning of their own.
function hasOwnKeys(classes: readonly string[]): boolean {
  return classes.length > 0 && classes.every((name) => name.length === 1 && !/[su]/i.test(name));
}

function placeOf(key: string): number {
  return key === '0' ? 9 : /[1-9]/.test(key) ? Number(key) - 1 : -1;
}
