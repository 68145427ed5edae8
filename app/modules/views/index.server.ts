/** Lists of the console under names that one member of staff gave them. Nobody else sees them, and they move nothing. */
export { listViews } from './list-views.server';
export { removeView } from './remove-view.server';
export { saveView } from './save-view.server';
