import { element } from './element.ts';
import { ranges, sorts, views, type Preferences } from './preferences.ts';

/** Buttons for time range and view, and the order; `onChange` gets what the reader wants now. */
export function createToolbar(
  first: Preferences,
  onChange: (wanted: Preferences) => void,
): HTMLElement {
  let now = first;
  const want = (change: Partial<Preferences>): void => {
    now = { ...now, ...change };
    onChange(now);
  };
  const select = element('select', { id: 'sort' });
  for (const [value, label] of sorts) select.append(element('option', { value }, label));
  select.value = first.sort;
  select.addEventListener('change', () => {
    const chosen = sorts.find(([sort]) => sort === select.value);
    if (chosen !== undefined) want({ sort: chosen[0] });
  });
  return element(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': 'How to show the GPUs' },
    buttonGroup('Time range', ranges, first.rangeSeconds, (rangeSeconds) => want({ rangeSeconds })),
    buttonGroup('View', views, first.view, (view) => want({ view })),
    element('span', { class: 'choice' }, element('label', { for: 'sort' }, 'Order'), select),
  );
}

function buttonGroup<Value extends string | number>(
  name: string,
  choices: readonly (readonly [Value, string])[],
  first: Value,
  onChoose: (value: Value) => void,
): HTMLElement {
  const buttons = choices.map(([value, label]) => {
    const button = element('button', { type: 'button', 'data-value': String(value) }, label);
    button.addEventListener('click', () => {
      press(value);
      onChoose(value);
    });
    return button;
  });
  const press = (chosen: Value): void => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset['value'] === String(chosen)));
    }
  };
  press(first);
  return element(
    'span',
    { class: 'choice', role: 'group', 'aria-label': name },
    element('span', { 'aria-hidden': 'true' }, name),
    element('span', { class: 'buttons' }, ...buttons),
  );
}
