const paths = {
  home: 'M4 11 12 4l8 7M6 10v10h12V10',
  finding: 'M12 4 3 20h18L12 4Zm0 6v4m0 3v.01',
  fix: 'M14.5 6.5a4 4 0 0 0-5 5L4 17l3 3 5.5-5.5a4 4 0 0 0 5-5L15 12l-3-3 2.5-2.5Z',
  label: 'M4 4h8l8 8-8 8-8-8V4Zm4 4v.01',
  data: 'M4 6c0-3 16-3 16 0s-16 3-16 0Zm0 0v12c0 3 16 3 16 0V6M4 12c0 3 16 3 16 0',
  model: 'M12 3l8 4.5v9L12 21l-8-4.5v-9L12 3Zm0 9 8-4.5M12 12v9m0-9L4 7.5',
  rule: 'M6 3h9l4 4v14H6V3Zm3 8h7m-7 4h7M9 7h3',
  workflow: 'M5 4h5v5H5V4Zm9 11h5v5h-5v-5ZM7.5 9v5.5a3 3 0 0 0 3 3H14',
  audit: 'M9 12l2 2 4-5M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6l8-3Z',
  settings: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Zm0-6v3m0 12v3M3 12h3m12 0h3M5.6 5.6l2.1 2.1m8.6 8.6 2.1 2.1m0-12.800-2.1 2.1m-8.6 8.6-2.1 2.1',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-5v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4m0-12.800L17 7M7 17l-1.4 1.4',
  moon: 'M20 14.5A8 8 0 0 1 9.500 4a8 8 0 1 0 10.500 10.5Z',
  leave: 'M14 4h5v16h-5M4 12h11m-4-4 4 4-4 4',
} as const;

export type MarkName = keyof typeof paths;

/** A small drawing beside words; it says nothing that they do not. */
export function Mark({ name, size = 17 }: { name: MarkName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
