/** Where the operator is: beside the portal, at the same gateway. */
export const OPERATOR = '/operator/';
