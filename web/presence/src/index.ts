export { COLORS, colorVariable, GROUND, type Shade } from './color';
export { ICON_BOX, ICONS, OUT_OF_OFFICE_ICON } from './icon';
export { ENGLISH_LABELS, GERMAN_LABELS, LABELS, type Labels, type Language } from './label';
export { ACTIVITIES, type Activity, activityOf, STATES, type State, stateOf } from './state';
