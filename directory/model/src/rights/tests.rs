use ulid::Ulid;

use super::*;

fn tenant(n: u128) -> TenantId {
    TenantId::from(Ulid(n))
}

fn site(n: u128) -> SiteId {
    SiteId::from(Ulid(n))
}

/// One line for each action, one column for each role: P R T S G C V A E.
const TABLE: [(Action, &str); 25] = [
    (A::ManagePlatform, "P........"),
    (A::ManageTenants, "PR......."),
    (A::ReadTenant, "PRTS....."),
    (A::ChangeTenantSettings, "..T......"),
    (A::ManageUsers, "PRT......"),
    (A::ReadUsers, "PRT......"),
    (A::ManageDomains, "..T......"),
    (A::ReadDomains, "..TS....."),
    (A::ManageSites, "..TS....."),
    (A::ChangeSite, "..TS....."),
    (A::ReadSites, "..TS....."),
    (A::ManageGroups, "..TSGC..."),
    (A::ReadGroups, "..TSGCVA."),
    (A::ManagePublications, "..TS....."),
    (A::ReadPublications, "..TSGCV.."),
    (A::ManageContacts, "..TSGC..."),
    (A::ReadContacts, "..TSGCVA."),
    (A::SetPresence, "..TSGCV.."),
    (A::SetOwnPresence, "..TSGCVAE"),
    (A::ManageSources, "..T......"),
    (A::ReadSources, "..TSGC..."),
    (A::Synchronize, "..TSGC..."),
    (A::ReadEnquiries, "..TS..VA."),
    (A::AnswerEnquiries, "..TS..VA."),
    (A::ReadAudit, "PRT......"),
];

#[test]
fn each_role_may_do_what_the_table_says() {
    for (action, roles) in TABLE {
        for (role, mark) in Role::ALL.into_iter().zip(roles.chars()) {
            assert_eq!(role.actions().contains(&action), mark != '.', "{role:?} {action:?}");
        }
    }
}

#[test]
fn what_takes_a_role_in_the_tenant_is_not_for_those_above_it() {
    let reseller = ResellerId::from(Ulid(9));
    let target = Target::tenant(tenant(1), Some(reseller));

    for (role, scope, allowed) in [
        (Role::Platform, Scope::Platform, false),
        (Role::Reseller, Scope::Reseller(reseller), false),
        (Role::Tenant, Scope::Tenant(tenant(1)), true),
        (Role::Tenant, Scope::Tenant(tenant(2)), false),
        (Role::Site, Scope::Tenant(tenant(1)), false),
    ] {
        let held = [Held { role, scope }];
        assert_eq!(allows_within(&held, A::ReadUsers, &target), allowed, "{role:?} on {scope:?}");
    }
}

#[test]
fn a_role_reaches_what_is_below_its_scope_only() {
    let (own, other) = (tenant(1), tenant(2));
    let held = [Held { role: Role::Site, scope: Scope::Site(site(1)) }];
    let in_site = Target::tenant(own, None).inside(Scope::Site(site(1)));

    for (target, allowed) in [
        (in_site, true),
        (Target::tenant(own, None), false),
        (Target::tenant(own, None).inside(Scope::Site(site(2))), false),
        (Target::tenant(other, None), false),
        (Target::platform(), false),
    ] {
        assert_eq!(allows(&held, A::ManageContacts, &target), allowed, "{target:?}");
    }
}

#[test]
fn a_reseller_reaches_its_own_tenants() {
    let (own, other) = (ResellerId::from(Ulid(1)), ResellerId::from(Ulid(2)));
    let held = [Held { role: Role::Reseller, scope: Scope::Reseller(own) }];

    for (reseller, allowed) in [(Some(own), true), (Some(other), false), (None, false)] {
        assert_eq!(allows(&held, A::ManageTenants, &Target::tenant(tenant(1), reseller)), allowed);
    }
    assert!(!allows(&held, A::ManageContacts, &Target::tenant(tenant(1), Some(own))));
}

#[test]
fn only_roles_below_ones_own_are_given() {
    let own = Target::tenant(tenant(1), None);
    let other = Target::tenant(tenant(2), None);
    let chief = [Held { role: Role::Tenant, scope: Scope::Tenant(tenant(1)) }];
    let platform = [Held { role: Role::Platform, scope: Scope::Platform }];
    let site_chief = [Held { role: Role::Site, scope: Scope::Tenant(tenant(1)) }];

    for (held, role, target, allowed) in [
        (&chief, Role::Site, &own, true),
        (&chief, Role::Employee, &own, true),
        (&chief, Role::Tenant, &own, false),
        (&chief, Role::Site, &other, false),
        (&chief, Role::Platform, &Target::platform(), false),
        (&platform, Role::Tenant, &other, true),
        (&platform, Role::Platform, &Target::platform(), true),
        (&platform, Role::Contact, &own, false),
        (&site_chief, Role::Contact, &own, false),
    ] {
        assert_eq!(may_give(held, role, target), allowed, "{held:?} gives {role:?}");
    }
}

#[test]
fn what_is_given_is_part_of_what_one_may_do() {
    for giver in [Role::Tenant, Role::Site, Role::Group, Role::Contact] {
        for role in giver.may_give() {
            assert!(*role > giver, "{giver:?} gives {role:?}");
            assert!(role.actions().iter().all(|action| giver.actions().contains(action)), "{giver:?} gives {role:?}");
        }
    }
}
