const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', timeZone: 'UTC' });
const minute = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** An instant in UTC, to the minute. */
export function instant(at: string | null | undefined): string {
  return at ? minute.format(new Date(at)).replace(',', '') : '–';
}

export function date(at: string): string {
  return day.format(new Date(at));
}

const units: [number, string][] = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min']];

/** How long ago, or in how long, in one unit. */
export function ago(at: string | null | undefined, now: string): string {
  if (!at) {
    return '–';
  }
  const span = new Date(now).getTime() - new Date(at).getTime();
  const [size, unit] = units.find(([length]) => Math.abs(span) >= length) ?? [0, ''];
  if (size === 0) {
    return 'now';
  }
  const amount = `${Math.round(Math.abs(span) / size)} ${unit}`;
  return span >= 0 ? `${amount} ago` : `in ${amount}`;
}

/** A figure for people: ratios to four places, counts whole, the rest to four significant digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  }
  if (Number.isInteger(value)) {
    return value.toLocaleString('en-US');
  }
  return Math.abs(value) < 1 && Math.abs(value) >= 0.001 ? value.toFixed(4) : Number(value.toPrecision(4)).toString();
}

export function percent(value: number): string {
  return Number.isFinite(value) ? `${(value * 100).toFixed(Math.abs(value) < 0.1 ? 1 : 0)} %` : '–';
}

/** The first characters of a hash. */
export function short(hash: string | null | undefined): string {
  return hash ? hash.slice(0, 12) : '–';
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** A span of .NET (d.hh:mm:ss) in words. */
export function span(text: string | null | undefined): string {
  const match = /^(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)/.exec(text ?? '');
  if (!match) {
    return text ?? '–';
  }
  const parts: [number, string][] = [[Number(match[1] ?? 0), 'd'], [Number(match[2]), 'h'], [Number(match[3]), 'min'], [Number(match[4]), 's']];
  return parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`).join(' ') || '0 s';
}
