import { Badge, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../api/client';
import { plural } from '../api/words';
import { Answered, Nothing, ProblemNote } from '../app/problems';
import { Sight } from '../app/Sight';
import { fixed, span, spanOf, useSpans } from '../app/useSpans';
import { type Cells, cellsOf, shownColumns } from './cells';
import { countWords, kinds } from './changes';
import { RowView } from './RowView';
import classes from './Rows.module.css';

/** Changed cells of one line. */
const most = 3;

type Page = Schemas['ChangedRows'];
type Changed = Schemas['ChangedRow'];

type Props = { path: string; id: string[]; none: string };

/** What happens to rows, one line a row, with the cells before and after. */
export function ChangedRows({ path, id, none }: Props) {
  const head = useQuery({ queryKey: [...id, 0], queryFn: async () => (await get<Page | undefined>(spanOf(path, 0))) ?? null, ...fixed });
  return (
    <Answered query={head}>
      {(page) => {
        if (page === null) {
          return <Nothing>{none}</Nothing>;
        }
        const row = shownColumns(page.columns).isPicture ? 52 : 36;
        return (
          <>
            <Group gap={6} mb={6}>{countWords(page.counts).map((words) => <Badge key={words} color="gray" variant="light">{words}</Badge>)}</Group>
            {page.gone.length + page.come.length > 0 && <Text size="sm" mb={6}>{page.gone.length > 0 && `Columns that go: ${page.gone.join(', ')}. `}{page.come.length > 0 && `Columns that come: ${page.come.join(', ')}.`}</Text>}
            {page.total === 0 ? <Nothing>No row is other.</Nothing> : (
              <Sight total={page.total} row={row} height={460} head={34} label="Changed rows">
                {(first, count) => <Drawn {...{ page, path, id, row, first, count }} />}
              </Sight>
            )}
          </>
        );
      }}
    </Answered>
  );
}

function Drawn({ page, path, id, row, first, count }: { page: Page; path: string; id: string[]; row: number; first: number; count: number }) {
  const { of, error } = useSpans<Page>(id, path, first, count);
  if (error) {
    return <ProblemNote error={error} />;
  }
  return (
    <Table aria-label="What happens to rows" aria-rowcount={page.total + 1} className={classes.rows}>
      <Table.Thead>
        <Table.Tr h={34} aria-rowindex={1}>{['What', page.id ?? 'Row', 'Content', 'Change'].map((name) => <Table.Th key={name} scope="col">{name}</Table.Th>)}</Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {Array.from({ length: count }, (_, at) => first + at).map((index) => {
          const changed = of(index)?.rows[index % span];
          return <Table.Tr key={index} h={row} aria-rowindex={index + 2}>{changed ? <Line page={page} changed={changed} /> : <Table.Td colSpan={4} />}</Table.Tr>;
        })}
      </Table.Tbody>
    </Table>
  );
}

function Line({ page, changed }: { page: Page; changed: Changed }) {
  const kind = kinds[changed.kind] ?? { words: changed.kind, color: 'gray' };
  const cells = (changed.after ?? changed.before ?? []) as Cells;
  const { isPicture, names } = shownColumns(page.columns);
  const named = cellsOf(page.columns, cells);
  return (
    <>
      <Table.Td><Badge color={kind.color} variant="light">{kind.words}{(changed.times ?? 1) > 1 && ` × ${changed.times}`}</Badge></Table.Td>
      <Table.Td className={classes.cell}>{changed.id ?? '–'}</Table.Td>
      <Table.Td className={classes.cell}>
        {isPicture ? <RowView cells={named} size={44} /> : names.filter((name) => name !== page.id && name !== page.label && named[name] !== undefined).slice(0, 6).map((name) => <span key={name}><Text span size="xs" c="dimmed">{name}</Text> {named[name]}{'  '}</span>)}
      </Table.Td>
      <Table.Td className={classes.cell}>
        {changed.changed.slice(0, most).map((place) => <span key={place}><Text span size="xs" c="dimmed">{page.columns[place]}</Text> <del>{changed.before?.[place] ?? '–'}</del> → <b>{changed.after?.[place] ?? '–'}</b>{'  '}</span>)}
        {changed.changed.length > most && `and ${plural(changed.changed.length - most, 'cell')} more`}
        {changed.changed.length === 0 && page.label && named[page.label] !== undefined && <><Text span size="xs" c="dimmed">{page.label}</Text> {named[page.label]}</>}
      </Table.Td>
    </>
  );
}
