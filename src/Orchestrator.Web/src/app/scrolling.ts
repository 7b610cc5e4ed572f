/** The tallest list that every browser can lay out, in pixels; in a longer one a pixel stands for more than a row's share. */
const tallest = 8_000_000;

/** A list of rows of one height in a frame. */
export type List = { total: number; row: number; frame: number };

/** How tall the list is for the browser. */
export function tallness({ total, row }: List): number {
  return Math.min(total * row, tallest);
}

/** How many whole rows the frame holds. */
export function held({ total, row, frame }: List): number {
  return Math.min(total, Math.max(1, Math.floor(frame / row)));
}

/** The number of the first row in sight. */
export function firstInSight(list: List, top: number): number {
  const way = tallness(list) - list.frame;
  return way <= 0 ? 0 : Math.round(Math.min(1, Math.max(0, top / way)) * (list.total - held(list)));
}

/** Where the frame has to be scrolled to for a row to be the first in sight. */
export function topOf(list: List, first: number): number {
  const last = list.total - held(list);
  return last <= 0 ? 0 : (Math.min(last, Math.max(0, first)) / last) * (tallness(list) - list.frame);
}
