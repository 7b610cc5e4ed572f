import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Facts.module.css';

/** Names with their values, in two columns that line up. */
export function Facts({ of }: { of: (readonly [string, ReactNode] | null | false)[] }) {
  return (
    <dl className={classes.facts}>
      {of.filter((fact) => fact !== null && fact !== false).map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <Text component="dt" size="sm" c="dimmed">{name}</Text>
          <Text component="dd" size="sm" m={0}>{value}</Text>
        </div>
      ))}
    </dl>
  );
}
