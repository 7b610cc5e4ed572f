import { expect, test } from 'vitest';
import { classOfKey, keyOfClass } from './keys';

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

test('a class of one character is pressed as it is', () => {
  expect(classOfKey(digits, '0')).toBe('0');
  expect(classOfKey(digits, '7')).toBe('7');
  expect(keyOfClass(digits, '7')).toBe('7');
});

test('words are pressed by their place, the tenth by 0', () => {
  const words = ['ham', 'spam', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'last', 'none'];
  expect(classOfKey(words, '2')).toBe('spam');
  expect(classOfKey(words, '0')).toBe('last');
  expect(keyOfClass(words, 'ham')).toBe('1');
  expect(keyOfClass(words, 'none')).toBeUndefined();
});

test('keys with a meaning of their own are no answer', () => {
  expect(classOfKey(['sun', 'umbrella'], 's')).toBeUndefined();
  expect(classOfKey(['yes', 'no'], 'Enter')).toBeUndefined();
});
