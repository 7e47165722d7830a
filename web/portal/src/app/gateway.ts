import { type Api, type components, connect } from '@switchboard/client';
import { isAttended } from './attendance';
import { renew } from './renewal';

/** The gateway that serves this page. */
const gateway = connect({ renew, isAttended });

export const api: Api = gateway.api;
export const { send, setCsrfToken } = gateway;

type Schemas = components['schemas'];

/** A shape of the API's document. */
export type Schema<Name extends keyof Schemas> = Schemas[Name];
