import { Button, Group as Row, SimpleGrid, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { figure } from '../api/words';
import { Lines } from '../app/Lines';
import { type Area, boxOf, type Group, middlesOf, type RowMap } from './map';
import classes from './Map.module.css';

const shapes: Record<Group['symbol'], string> = {
  circle: 'M6 1a5 5 0 1 0 0 10a5 5 0 0 0 0-10Z',
  rect: 'M2 2h8v8h-8Z',
  triangle: 'M6 1 11 10.500H1Z',
  diamond: 'M6 0.500 11.500 6 6 11.500 0.500 6Z',
};

/** How each group looks, and how many rows it has. */
export function Legend({ groups }: { groups: Group[] }) {
  return (
    <ul className={classes.legend} aria-label="Legend">
      {groups.map((group) => (
        <li key={group.name}>
          <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden="true"><path d={shapes[group.symbol]} fill={group.color} /></svg>
          <span className={classes.name}>{group.name}</span> <Text span size="xs" c="dimmed">{group.rows.length.toLocaleString('en-US')}</Text>
        </li>
      ))}
    </ul>
  );
}

/** Picks rows by the ends of both axes: what the lasso does, without a pointer. */
export function Bounds({ names, onPick }: { names: [string, string]; onPick: (area: Area) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const of = (name: string) => String(form.get(name) ?? '');
    const area = boxOf({ xFrom: of('xFrom'), xTo: of('xTo'), yFrom: of('yFrom'), yTo: of('yTo') });
    setProblem(area ? null : 'Fill in at least one end; from is not above to.');
    if (area) {
      onPick(area);
    }
  };
  const field = (name: string, label: string) => <TextInput size="xs" name={name} label={label} type="number" step="any" inputMode="decimal" />;
  return (
    <form onSubmit={submit} aria-label="Pick by numbers">
      <Text size="sm" fw={600} mb={4}>Pick by numbers</Text>
      {names.map((name, at) => (
        <SimpleGrid key={at} cols={2} spacing="xs" mb={6} role="group" aria-label={name}>
          {field(at === 0 ? 'xFrom' : 'yFrom', at === 0 ? 'Left to right, from' : 'Upwards, from')}
          {field(at === 0 ? 'xTo' : 'yTo', 'to')}
        </SimpleGrid>
      ))}
      <Row gap="xs">
        <Button size="xs" variant="default" type="submit">Pick these rows</Button>
        {problem && <Text size="xs" c="red" role="alert">{problem}</Text>}
      </Row>
    </form>
  );
}

/** The picture in words: where the middle of each group lies. */
export function Middles({ map, groups, names }: { map: RowMap; groups: Group[]; names: [string, string] }) {
  return (
    <details className={classes.details}>
      <summary>The map as a table</summary>
      <Lines label="Where the middle of each group lies" of={middlesOf(map, groups)} id={(line) => line.name} empty="There are no rows." columns={[
        { name: 'Group', cell: (line) => <span className={classes.name}>{line.name}</span> },
        { name: 'Rows', numeric: true, cell: (line) => line.rows.toLocaleString('en-US') },
        { name: names[0].split(' · ')[0]!, numeric: true, cell: (line) => figure(line.x) },
        { name: names[1].split(' · ')[0]!, numeric: true, cell: (line) => figure(line.y) },
      ]} />
    </details>
  );
}
