import { Accordion, Code, Text } from '@mantine/core';
import { number, type Schemas } from '../api/client';
import { figure, percent, plural } from '../api/words';
import { Lines } from '../app/Lines';

/** The rows that are to blame, as a predicate with what tells them from the others. */
export function Segment({ segment }: { segment: Schemas['BlamedSegment'] | null | undefined }) {
  if (!segment) {
    return <Text size="sm">No segment stands out: the whole dataset is meant.</Text>;
  }
  return (
    <Text size="sm">
      <Code>{segment.predicate}</Code> holds {segment.blamed_rows.toLocaleString('en-US')} of the suspected rows among its {plural(segment.rows, 'row')}:
      {' '}{percent(number(segment.effect))} more than elsewhere (p = {number(segment.p_value).toExponential(1)}).
    </Text>
  );
}

/** The figures behind the plan. */
export function EvidenceNumbers({ numbers }: { numbers: Schemas['Evidence'][] }) {
  return (
    <Accordion variant="contained" chevronPosition="left">
      <Accordion.Item value="numbers">
        <Accordion.Control><Text size="sm">Figures behind the plan</Text></Accordion.Control>
        <Accordion.Panel>
          <Lines label="Figures" of={numbers} id={(one) => one.name} empty="There are none." columns={[
            { name: 'Measurement', cell: (one) => <span className="code">{one.name}</span> },
            { name: 'Value', numeric: true, cell: (one) => figure(number(one.value)) },
            { name: 'On rows', numeric: true, cell: (one) => (one.rows > 0 ? one.rows.toLocaleString('en-US') : '') },
          ]} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
