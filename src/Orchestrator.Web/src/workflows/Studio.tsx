import { Text } from '@mantine/core';

type Kind = 'definitions' | 'instances';

/** The workflow designer, in a frame of its own: a page can hold only one. */
export function Studio({ kind, id, height = 520 }: { kind: Kind; id?: string; height?: number | string }) {
  const path = `/studio/${kind}${id ? `/${encodeURIComponent(id)}` : ''}`;
  return (
    <div style={{ height }}>
      <iframe className="studio" src={path} title={kind === 'definitions' ? 'Workflow designer' : 'Workflow run'} />
      <Text size="xs" c="dimmed"><a href={path} target="_blank" rel="noreferrer">Open in a window of its own</a></Text>
    </div>
  );
}
