/** The portal with the keyboard alone. */
import { workByKeyboard } from '../keyboard.mjs';
import { openPortal } from '../portal-stage.mjs';

export async function a_contact_comes_goes_and_comes_back_without_a_mouse(stage) {
  const portal = await openPortal(stage, { as: null });
  await workByKeyboard(portal, {
    tenant: 'Brightmoor Instruments',
    user: 'admin',
    password: portal.mock.password,
  });
}
