import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { ENQUIRY_STATES, type EnquiryState } from '../../data/enquiries';

/** What the address of the list keeps: which are shown, and which one is looked at. */
export interface EnquiriesSearch {
  state?: EnquiryState;
  enquiry?: string;
}

const enquiries = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'enquiries',
  validateSearch: (search: Record<string, unknown>): EnquiriesSearch => {
    const state = ENQUIRY_STATES.find((one) => one === search.state);
    const { enquiry } = search;
    return {
      ...(state && { state }),
      ...(typeof enquiry === 'string' && enquiry && { enquiry }),
    };
  },
  component: lazyRouteComponent(() => import('./EnquiriesPage'), 'EnquiriesPage'),
});

export const enquiryRoutes = [enquiries] as const;
