import { Page, Part } from '../app/Page';
import { ModelLines } from './ModelLines';

export function ModelsPage() {
  return <Page title="Models" lead="What serves, since when, and how well."><Part title="Models"><ModelLines /></Part></Page>;
}
