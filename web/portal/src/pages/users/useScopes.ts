import { useQuery } from '@tanstack/react-query';
import type { Scope, ScopeKind } from '../../app/roles';
import { useMay, useSession } from '../../app/session';
import {
  groupsToChooseQuery,
  publicationsToChooseQuery,
  sitesToChooseQuery,
} from '../../data/choices';
import { resellersToChooseQuery } from '../../data/resellers';
import { useT } from '../../i18n/context';
import type { Choice } from '../../parts/form';

/** What roles can be given on. */
export interface Scopes {
  /** The objects of a kind; of the platform and of the tenant there is only one. */
  choices: (kind: ScopeKind) => Choice[];
  /** A scope in words. */
  nameOf: (scope: Scope) => string;
}

/** Reads what roles can be given on in a tenant, as far as the one who works may see it. */
export function useScopes(tenant: string): Scopes {
  const t = useT();
  const may = useMay(tenant);
  const isPlatform = useSession().grants.some(({ scope }) => scope.kind === 'platform');
  const sites = useQuery({ ...sitesToChooseQuery(tenant), enabled: may('read_sites') });
  const groups = useQuery({ ...groupsToChooseQuery(tenant), enabled: may('read_groups') });
  const publications = useQuery({
    ...publicationsToChooseQuery(tenant),
    enabled: may('read_publications'),
  });
  const resellers = useQuery({ ...resellersToChooseQuery, enabled: isPlatform });

  const choices = (kind: ScopeKind): Choice[] => {
    switch (kind) {
      case 'site':
        return (sites.data ?? []).map(({ id, name }) => ({ value: id, label: name ?? id }));
      case 'group':
        return (groups.data ?? []).map(({ id, name }) => ({ value: id, label: name ?? id }));
      case 'publication':
        return (publications.data ?? []).map(({ id, title }) => ({
          value: id,
          label: title ?? id,
        }));
      case 'reseller':
        return (resellers.data ?? []).map(({ id, name }) => ({ value: id, label: name ?? id }));
      default:
        return [];
    }
  };
  return {
    choices,
    nameOf(scope) {
      const kind = t(`scope.${scope.kind}`);
      if (scope.kind === 'platform' || scope.kind === 'tenant') return kind;
      const found = choices(scope.kind).find(({ value }) => value === scope.id);
      return found ? t('scope.named', { kind, name: found.label }) : kind;
    },
  };
}
