import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import classes from './Studio.module.css';

type Kind = 'definitions' | 'instances';
type Told = { from?: string; event?: 'saved' | 'said' | 'started' | 'refused' | 'signed-out'; words?: string };
type Props = { kind: Kind; id?: string; height?: number | string; canvas?: boolean };

/** The workflow designer, in a frame of its own: a page can hold only one. What it tells of is told here too. */
export function Studio({ kind, id, height = 520, canvas = false }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const queries = useQueryClient();
  const path = `/studio/${kind}${id ? `/${encodeURIComponent(id)}` : ''}`;
  useEffect(() => {
    const hear = ({ origin, source, data }: MessageEvent<Told>) => {
      if (origin !== location.origin || source !== frame.current?.contentWindow || data.from !== 'orchestrator.studio') {
        return;
      }
      if (data.event === 'said') {
        notifications.show({ message: data.words, color: 'teal', autoClose: 12_000 });
      }
      // A session that has ended is seen by asking: the page then offers to sign in.
      void queries.invalidateQueries();
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, [queries]);
  return (
    <div className={classes.place} style={{ height }}>
      <iframe ref={frame} className={classes.frame} src={canvas ? `${path}?view=canvas` : path} title={kind === 'definitions' ? 'Workflow designer' : 'Workflow run'} />
      <Text size="xs" c="dimmed"><a href={path} target="_blank" rel="noreferrer">Open in a window of its own</a></Text>
    </div>
  );
}
