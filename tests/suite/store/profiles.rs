//! Profiles: who is in which, what contacts show by it, and call settings that follow.

use std::time::Duration;

use directory_model::change::ObjectKind;
use directory_model::clock::Clock;
use directory_model::contact::ContactFields;
use directory_model::id::{ContactId, ResellerId, TenantId, UserId};
use directory_model::invalid::Rule;
use directory_model::presence::{Availability, Claim};
use directory_model::profile::built_in::BuiltIn;
use directory_model::profile::calls::{CallChoices, Forwarding, PersonalSettings, Ring};
use directory_model::profile::client::{ClientProfileFields, ClientProfileName};
use directory_model::profile::target::{Following, NotApplied};
use directory_model::profile::{PresenceMode, ProfileFields, ProfileName, ProfileStatus};
use directory_model::tenant::{ResellerFields, TenantFields};
use directory_model::user::UserFields;
use directory_store::call_settings::{self, KeptSettings};
use directory_store::error::{Conflict, StoreError, StoreResult};
use directory_store::profile_selections::{self, Selection};
use directory_store::{
    PLATFORM, changes, client_profiles, contacts, extension_lists, groups, presence_profiles, presence_rows,
    profile_overrides, resellers, tenants, users,
};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::fixture::{group, refusal, valid};

/// A tenant with licences, and somebody who may use a client.
struct Office {
    db: TestDatabase,
    reseller: ResellerId,
    tenant: TenantId,
    anna: UserId,
    contact: ContactId,
}

impl Office {
    async fn new(db: TestDatabase, mode: PresenceMode) -> Self {
        let fields = ResellerFields { name: "Partner".into(), client_licences: 10, presence_mode: mode };
        let fields = valid(fields);
        let reseller = db.write(PLATFORM, move |tx| resellers::insert(tx, &fields)).await.id;
        let fields = TenantFields {
            name: "Acme".into(),
            reseller: Some(reseller),
            client_licences: 5,
            has_extension_lists: true,
            ..TenantFields::default()
        };
        let fields = valid(fields);
        let tenant = db.write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await.id;
        let fields = ContactFields {
            display_name: Some("Anna".into()),
            work_phone: Some("+49 30 123".into()),
            ..ContactFields::default()
        };
        let fields = valid(fields);
        let contact = db.write(tenant, move |tx| contacts::insert(tx, &fields)).await.id;
        let office = Self { db, reseller, tenant, anna: UserId::NIL, contact };
        let anna = office.user("anna", true, Some(contact)).await;
        Self { anna, ..office }
    }

    async fn user(&self, name: &str, is_client_allowed: bool, contact: Option<ContactId>) -> UserId {
        let fields = UserFields { name: name.into(), is_client_allowed, contact, ..UserFields::default() };
        let fields = valid(fields);
        self.db.write(self.tenant, move |tx| users::insert(tx, &fields)).await.id
    }

    async fn change_user(&self, user: UserId, change: impl FnOnce(&mut UserFields)) {
        let tenant = self.tenant;
        let found = self.db.read(move |conn| users::find(conn, tenant, user)).await.expect("a user");
        let mut fields = found.fields;
        change(&mut fields);
        let fields = valid(fields);
        self.db.write(tenant, move |tx| users::update(tx, user, found.revision, &fields)).await;
    }

    async fn change_tenant(&self, change: impl FnOnce(&mut TenantFields)) {
        let tenant = self.tenant;
        let found = self.db.read(move |conn| tenants::find(conn, tenant)).await.expect("a tenant");
        let mut fields = found.fields;
        change(&mut fields);
        let fields = valid(fields);
        self.db.write(PLATFORM, move |tx| tenants::update(tx, tenant, found.revision, &fields)).await;
    }

    async fn set_mode(&self, mode: PresenceMode) {
        let id = self.reseller;
        let found = self.db.read(move |conn| resellers::find(conn, id)).await.expect("a reseller");
        let fields = valid(ResellerFields { presence_mode: mode, ..found.fields });
        self.db.write(PLATFORM, move |tx| resellers::update(tx, id, found.revision, &fields)).await;
    }

    async fn try_select(&self, user: UserId, profile: ProfileName) -> StoreResult<Option<()>> {
        let selection = Selection { profile, message: None, message_expires_at: None };
        let origin = self.db.origin();
        let selecting = move |tx: &mut directory_store::tx::Tx<'_>| profile_selections::select(tx, user, &selection);
        Ok(self.db.database.write(self.tenant, origin, selecting).await?.flatten())
    }

    async fn select(&self, profile: ProfileName) {
        assert_eq!(self.try_select(self.anna, profile).await.expect("selected"), Some(()));
    }

    async fn choose(&self, profile: ProfileName, choices: CallChoices) {
        let (anna, choices) = (self.anna, valid(choices));
        self.db
            .write(self.tenant, move |tx| profile_overrides::set(tx, anna, profile, &choices))
            .await
            .expect("a user");
    }

    /// Makes what is due follow, as the server does; how many there were.
    async fn follow(&self, is_in_meeting: bool) -> usize {
        let now = self.db.clock.now();
        let due = self.db.read(move |conn| call_settings::due(conn, now, 100)).await;
        for found in &due {
            let user = found.user;
            self.db.write(found.tenant, move |tx| call_settings::follow(tx, user, is_in_meeting)).await;
        }
        due.len()
    }

    async fn settings(&self) -> KeptSettings {
        let (tenant, anna) = (self.tenant, self.anna);
        self.db.read(move |conn| call_settings::find(conn, tenant, anna)).await.expect("a user")
    }

    async fn profile(&self, user: UserId) -> (ProfileName, bool) {
        let (tenant, now) = (self.tenant, self.db.clock.now());
        let found = self.db.read(move |conn| profile_selections::find(conn, tenant, user, now)).await.expect("a user");
        (found.profile.id, found.has_client)
    }

    async fn claim(&self, contact: ContactId) -> Option<Claim> {
        let tenant = self.tenant;
        self.db.read(move |conn| profile_selections::claim(conn, tenant, contact)).await
    }
}

fn built_in(profile: BuiltIn) -> ProfileName {
    ProfileName::BuiltIn(profile)
}

fn conflict<T: std::fmt::Debug>(result: StoreResult<T>) -> Conflict {
    match result {
        Err(StoreError::Conflict(conflict)) => conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

fn desk_rings() -> CallChoices {
    let rings =
        vec![Ring::Device { name: "Desk".into(), seconds: 20 }, Ring::Number { target: "204".into(), seconds: 20 }];
    CallChoices { rings: Some(rings), ..CallChoices::default() }
}

on_each_backend! {
    async fn a_selected_profile_is_what_the_contact_shows(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Passive).await;
        assert_eq!(office.claim(office.contact).await, None, "nobody selected anything");

        office.select(built_in(BuiltIn::Lunch)).await;

        let claim = office.claim(office.contact).await.expect("a claim");
        assert_eq!((claim.availability, claim.custom.as_deref()), (Availability::Away, Some("Lunch")));
        let (tenant, contact, now) = (office.tenant, office.contact, office.db.clock.now());
        let stored = office.db.read(move |conn| presence_rows::stored(conn, tenant, contact, now)).await;
        assert_eq!(stored, [claim]);
        let all = office.db.read(move |conn| profile_selections::all_claims(conn, tenant)).await;
        assert_eq!(all.len(), 1);
        // Without licences nothing of it is there, and with licences again it is as it was.
        office.change_tenant(|fields| fields.client_licences = 0).await;
        assert_eq!(office.claim(office.contact).await, None);
        assert_eq!(office.profile(office.anna).await, (ProfileName::default(), false));
        office.change_tenant(|fields| fields.client_licences = 5).await;
        assert_eq!(office.profile(office.anna).await, (built_in(BuiltIn::Lunch), true));
    }

    async fn whoever_may_use_no_client_has_a_fixed_profile_and_selects_none(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Active).await;
        let bert = office.db.contact(office.tenant, "Bert").await.id;
        let user = office.user("bert", false, Some(bert)).await;

        let claim = office.claim(bert).await.expect("a claim");
        assert!(claim.is_fixed() && claim.availability == Availability::Available);
        assert_eq!(conflict(office.try_select(user, built_in(BuiltIn::Lunch)).await), Conflict::NoClient);
        office.select(built_in(BuiltIn::Lunch)).await;
        assert_eq!(office.follow(false).await, 1);
        assert!(office.settings().await.settings.owned.do_not_disturb);
        office.change_user(office.anna, |fields| fields.is_client_allowed = false).await;
        assert_eq!(office.profile(office.anna).await, (ProfileName::default(), false));
        assert!(office.claim(office.contact).await.is_some_and(|claim| claim.is_fixed()));
        assert_eq!(office.follow(false).await, 1);
        let settings = office.settings().await;
        assert_eq!((settings.settings.owned.do_not_disturb, settings.following()), (false, Following::Unmanaged));
    }

    async fn a_profile_takes_back_what_was_said_by_hand_before(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Passive).await;
        let (tenant, contact, now) = (office.tenant, office.contact, office.db.clock.now());
        let word = presence_rows::ManualPresence {
            availability: Availability::Busy,
            custom_state: None,
            activity: None,
            is_out_of_office: false,
            custom: None,
            expires_at: None,
        };
        office.db.write(tenant, move |tx| presence_rows::set_manual(tx, contact, &word)).await.expect("a contact");

        let anna = office.anna;
        let until = now.plus(Duration::from_hours(1));
        let selection = Selection {
            profile: built_in(BuiltIn::Lunch),
            message: Some("until 2pm".into()),
            message_expires_at: Some(until),
        };
        office.db.write(tenant, move |tx| profile_selections::select(tx, anna, &selection)).await.expect("a user");

        assert_eq!(office.db.read(move |conn| presence_rows::manual(conn, tenant, contact)).await, None);
        let notes = office.db.read(move |conn| presence_rows::notes(conn, tenant, contact, now)).await;
        let said: Vec<_> = notes.iter().map(|kept| (kept.note.text.as_str(), kept.note.expires_at)).collect();
        assert_eq!(said, [("until 2pm", Some(until))]);
        office.select(built_in(BuiltIn::Available)).await;
        assert!(office.db.read(move |conn| presence_rows::notes(conn, tenant, contact, now)).await.is_empty());
    }

    async fn profiles_of_a_tenant_are_kept_and_nobody_loses_one_they_are_in(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Passive).await;
        let tenant = office.tenant;
        let visit = valid(ProfileFields { name: "Site visit".into(), ..ProfileFields::default() });
        let made = office.db.write(tenant, move |tx| presence_profiles::insert(tx, &visit)).await;
        let all = office.db.read(move |conn| presence_profiles::all(conn, tenant)).await;
        assert_eq!((all.len(), all.last()), (12, Some(&made)));
        office.select(made.id).await;

        let removing = {
            let id = made.id;
            let work = move |tx: &mut directory_store::tx::Tx<'_>| presence_profiles::remove(tx, id, None);
            office.db.database.write(tenant, office.db.origin(), work).await
        };
        assert_eq!(conflict(removing), Conflict::InUse { by: "users" });
        let away = valid(ProfileFields { status: ProfileStatus::Unavailable, ..made.fields.clone() });
        let id = made.id;
        office.db.write(tenant, move |tx| presence_profiles::update(tx, id, 1, &away)).await.expect("a profile");
        assert_eq!(office.claim(office.contact).await.map(|claim| claim.availability), Some(Availability::Away));
        let other = office.db.tenant("Other").await;
        assert_eq!(office.db.read(move |conn| presence_profiles::find(conn, other, id)).await, None);
        office.select(built_in(BuiltIn::Lunch)).await;
        office.db.write(tenant, move |tx| presence_profiles::remove(tx, id, Some(2))).await.expect("removed");
        let work = |tx: &mut directory_store::tx::Tx<'_>| presence_profiles::remove(tx, built_in(BuiltIn::Lunch), None);
        let removing = office.db.database.write(tenant, office.db.origin(), work).await;
        assert_eq!(conflict(removing), Conflict::BuiltIn);
    }

    async fn call_settings_follow_an_active_profile_once_and_leave_the_rest_alone(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Active).await;
        let (tenant, anna) = (office.tenant, office.anna);
        let personal = valid(PersonalSettings { forward_on_busy: Some("300".into()), ..PersonalSettings::default() });
        office.db.write(tenant, move |tx| call_settings::set_personal(tx, anna, &personal)).await.expect("a user");

        office.select(built_in(BuiltIn::Lunch)).await;
        let waiting = office.settings().await;
        assert_eq!((waiting.following(), waiting.settings.owned.do_not_disturb), (Following::Pending, false));
        assert_eq!(office.follow(false).await, 1);

        let settings = office.settings().await;
        assert_eq!((settings.following(), settings.profile), (Following::Applied, Some(built_in(BuiltIn::Lunch))));
        assert!(settings.settings.owned.do_not_disturb);
        assert_eq!(settings.settings.personal.forward_on_busy.as_deref(), Some("300"));
        assert_eq!(office.follow(false).await, 0, "nothing is due any more");
        let applied_at = settings.applied_at;
        office.db.clock.advance(Duration::from_mins(1));
        office.select(built_in(BuiltIn::Lunch)).await;
        assert_eq!(office.follow(false).await, 1);
        assert_eq!(office.settings().await.applied_at, applied_at, "the same wish changes nothing");
    }

    async fn a_meeting_drives_calls_until_it_ends(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Active).await;
        office.select(built_in(BuiltIn::InTheOffice)).await;
        let forwarding = Some(Forwarding::To { target: "204".into() });
        office.choose(built_in(BuiltIn::InAMeeting), CallChoices { forwarding, ..CallChoices::default() }).await;
        office.follow(false).await;
        let (tenant, anna, now) = (office.tenant, office.anna, office.db.clock.now());
        let followers = office.db.read(call_settings::followers).await;
        assert_eq!(followers.iter().map(|it| (it.user, it.is_meeting)).collect::<Vec<_>>(), [(anna, false)]);

        let turned = office.db.database.write_unnumbered(move |conn| call_settings::meeting_turned(conn, tenant, anna, now));
        turned.await.expect("marked");
        office.follow(true).await;
        let during = office.settings().await;
        office.select(built_in(BuiltIn::InTheOffice)).await;
        office.follow(false).await;
        let after = office.settings().await;

        assert_eq!((during.is_meeting, during.settings.owned.do_not_disturb), (true, true));
        assert_eq!(during.settings.owned.forwarding, Forwarding::To { target: "204".into() });
        assert_eq!((after.is_meeting, after.settings.owned), (false, directory_model::profile::calls::OwnedSettings::default()));
    }

    async fn what_cannot_be_applied_says_why_and_is_tried_again(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Active).await;
        let forwarding = Some(Forwarding::To { target: "+4930123".into() });
        office.choose(built_in(BuiltIn::Lunch), CallChoices { forwarding, ..CallChoices::default() }).await;
        office.select(built_in(BuiltIn::Lunch)).await;

        assert_eq!(office.follow(false).await, 1);

        let failed = office.settings().await;
        assert_eq!((failed.following(), failed.problem), (Following::NotApplied, Some(NotApplied::ForwardsToItself)));
        assert_eq!((failed.attempts, failed.settings.owned.do_not_disturb), (1, false), "all or nothing");
        assert_eq!(failed.due_at, Some(office.db.clock.now().plus(Duration::from_secs(1))));
        assert_eq!(office.follow(false).await, 0, "not yet");
        let claim = office.claim(office.contact).await.expect("a claim");
        assert_eq!(claim.availability, Availability::Away, "what others see does not wait");
        office.db.clock.advance(Duration::from_secs(1));
        assert_eq!(office.follow(false).await, 1);
        assert_eq!(office.settings().await.attempts, 2);
        // Somebody gives the contact another number.
        let (tenant, contact) = (office.tenant, office.contact);
        let found = office.db.read(move |conn| contacts::find(conn, tenant, contact)).await.expect("a contact");
        let fields = valid(ContactFields { work_phone: Some("+49 30 999".into()), ..found.fields });
        office.db.write(tenant, move |tx| contacts::update(tx, contact, found.revision, &fields)).await;
        office.db.clock.advance(Duration::from_secs(2));
        assert_eq!(office.follow(false).await, 1);
        assert_eq!(office.settings().await.following(), Following::Applied);
    }

    async fn the_mode_comes_from_the_reseller_and_taking_it_back_gives_calls_back(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Passive).await;
        office.select(built_in(BuiltIn::Lunch)).await;
        office.follow(false).await;
        assert_eq!(office.settings().await.following(), Following::Unmanaged);
        assert!(office.db.read(call_settings::followers).await.is_empty());

        office.set_mode(PresenceMode::Active).await;
        assert_eq!(office.follow(false).await, 1);
        assert!(office.settings().await.settings.owned.do_not_disturb);

        office.set_mode(PresenceMode::Passive).await;
        assert_eq!(office.follow(false).await, 1);
        let settings = office.settings().await;
        assert_eq!((settings.following(), settings.settings.owned.do_not_disturb), (Following::Unmanaged, false));
    }

    async fn a_list_of_devices_is_made_lazily_and_groups_call_it(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Active).await;
        let (tenant, anna) = (office.tenant, office.anna);
        office.select(built_in(BuiltIn::InTheOffice)).await;
        office.follow(false).await;
        assert_eq!(office.db.read(move |conn| extension_lists::of_user(conn, tenant, anna)).await, None);

        office.choose(built_in(BuiltIn::InTheOffice), desk_rings()).await;
        office.follow(false).await;

        let list = office.db.read(move |conn| extension_lists::of_user(conn, tenant, anna)).await.expect("a list");
        assert_eq!(list.devices, ["Desk"], "numbers are left out");
        let id = list.id;
        let sales = group("Sales", None);
        let sales = office.db.write(tenant, move |tx| groups::insert(tx, &sales)).await.id;
        office.db.write(tenant, move |tx| extension_lists::add_to_group(tx, sales, id)).await.expect("both are there");
        let called = office.db.read(move |conn| extension_lists::of_group(conn, tenant, sales)).await;
        assert_eq!(called, Some(vec![list.clone()]));
        let other = office.db.tenant("Other").await;
        assert_eq!(office.db.write(other, move |tx| extension_lists::add_to_group(tx, sales, id)).await, None);
        assert_eq!(office.db.read(move |conn| extension_lists::find(conn, other, id)).await, None);
        // In another profile all devices ring, and the list with them.
        office.select(built_in(BuiltIn::Available)).await;
        office.follow(false).await;
        let list = office.db.read(move |conn| extension_lists::of_user(conn, tenant, anna)).await.expect("a list");
        assert_eq!((list.id, list.devices.len()), (id, 0));
        office.change_tenant(|fields| fields.has_extension_lists = false).await;
        office.follow(false).await;
        assert_eq!(office.db.read(move |conn| extension_lists::of_group(conn, tenant, sales)).await, Some(Vec::new()));
    }

    async fn a_message_goes_with_whoever_said_it(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Passive).await;
        let notes = async |contact| {
            let (tenant, now) = (office.tenant, office.db.clock.now());
            office.db.read(move |conn| presence_rows::notes(conn, tenant, contact, now)).await.len()
        };
        let say = async |user| {
            let lunch = Selection {
                profile: built_in(BuiltIn::Lunch),
                message: Some("until 2".into()),
                message_expires_at: None,
            };
            office.db.write(office.tenant, move |tx| profile_selections::select(tx, user, &lunch)).await.expect("a user");
        };
        say(office.anna).await;
        assert_eq!(notes(office.contact).await, 1);

        let fields = valid(ContactFields { display_name: Some("Desk".into()), ..ContactFields::default() });
        let desk = office.db.write(office.tenant, move |tx| contacts::insert(tx, &fields)).await.id;
        office
            .change_user(office.anna, |user| (user.contact, user.is_client_allowed) = (Some(desk), false))
            .await;
        assert_eq!(notes(office.contact).await, 0, "she is another contact, and may use no client");

        office.change_user(office.anna, |user| user.is_client_allowed = true).await;
        say(office.anna).await;
        assert_eq!(notes(desk).await, 1);
        let anna = office.anna;
        office.db.write(office.tenant, move |tx| users::remove(tx, anna, None)).await.expect("a user");
        assert_eq!(notes(desk).await, 0, "she is gone");
    }

    async fn a_contact_that_comes_back_shows_the_profile_of_its_user_again(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Active).await;
        office.select(built_in(BuiltIn::Lunch)).await;
        office.follow(false).await;
        let (tenant, contact) = (office.tenant, office.contact);
        office.db.write(tenant, move |tx| contacts::remove(tx, contact, None)).await.expect("a contact");
        assert_eq!(office.follow(false).await, 1, "whose numbers are theirs is looked at anew");
        let seq = office.db.read(move |conn| tenants::change_seq(conn, tenant)).await.unwrap_or_default();

        let back = move |tx: &mut directory_store::tx::Tx<'_>| contacts::bring_back(tx, contact);
        office.db.write(tenant, back).await.expect("it comes back");

        let told = office.db.read(move |conn| changes::list(conn, tenant, seq, 100)).await;
        let is_told = told.iter().any(|change| {
            change.kind == ObjectKind::Presence && change.object == contact.to_string() && !change.is_removal
        });
        assert!(is_told, "what it shows is read again: {told:?}");
        assert_eq!(office.claim(contact).await.expect("a claim").availability, Availability::Away);
        assert_eq!(office.follow(false).await, 1);
    }

    async fn client_profiles_take_away_what_they_do_not_allow(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Active).await;
        let (tenant, anna) = (office.tenant, office.anna);
        let fields = valid(ClientProfileFields { name: "Agents".into(), ..ClientProfileFields::default() });
        let made = office.db.write(tenant, move |tx| client_profiles::insert(tx, &fields)).await;
        office.change_user(anna, |fields| fields.client_profile = made.id).await;
        office.choose(built_in(BuiltIn::Lunch), desk_rings()).await;
        office.select(built_in(BuiltIn::Lunch)).await;
        office.follow(false).await;

        let id = made.id;
        let strict = ClientProfileFields { may_select_presence: false, may_override_profiles: false, ..made.fields };
        let strict = valid(strict);
        office.db.write(tenant, move |tx| client_profiles::update(tx, id, 1, &strict)).await.expect("a profile");

        assert_eq!(office.profile(anna).await, (ProfileName::default(), true));
        assert_eq!(conflict(office.try_select(anna, built_in(BuiltIn::Away)).await), Conflict::ClientProfile);
        let chosen = office.db.read(move |conn| profile_overrides::list(conn, tenant, anna)).await;
        assert_eq!(chosen, Some(Vec::new()), "customisations are lost");
        assert_eq!(office.follow(false).await, 1);
        assert!(!office.settings().await.settings.owned.do_not_disturb);
        let work = move |tx: &mut directory_store::tx::Tx<'_>| client_profiles::remove(tx, id, None);
        let removing = office.db.database.write(tenant, office.db.origin(), work).await;
        assert_eq!(conflict(removing), Conflict::InUse { by: "users" });
        let work = |tx: &mut directory_store::tx::Tx<'_>| client_profiles::remove(tx, ClientProfileName::Default, None);
        let removing = office.db.database.write(tenant, office.db.origin(), work).await;
        assert_eq!(conflict(removing), Conflict::BuiltIn);
    }

    async fn a_reseller_gives_no_more_licences_than_it_has(db: TestDatabase) {
        let office = Office::new(db, PresenceMode::Passive).await;
        let reseller = Some(office.reseller);
        let second = |client_licences| {
            valid(TenantFields { name: "Second".into(), reseller, client_licences, ..TenantFields::default() })
        };
        let (too_many, fitting) = (second(6), second(5));
        let origin = || office.db.origin();

        let refused = office.db.database.write(PLATFORM, origin(), move |tx| tenants::insert(tx, &too_many)).await;
        assert_eq!(refusal(refused), ("client_licences".into(), Rule::OutOfRange { min: 0, max: 5 }));
        office.db.write(PLATFORM, move |tx| tenants::insert(tx, &fitting)).await;
        let tenant = office.tenant;
        let found = office.db.read(move |conn| tenants::find(conn, tenant)).await.expect("a tenant");
        let more = valid(TenantFields { client_licences: 6, ..found.fields.clone() });
        let refused = office.db.database.write(tenant, origin(), move |tx| tenants::update(tx, tenant, found.revision, &more));
        assert_eq!(refusal(refused.await), ("client_licences".into(), Rule::OutOfRange { min: 0, max: 5 }));
        let less = valid(ResellerFields { name: "Partner".into(), client_licences: 9, ..ResellerFields::default() });
        let id = office.reseller;
        let refused = office.db.database.write(PLATFORM, origin(), move |tx| resellers::update(tx, id, 1, &less)).await;
        let range = Rule::OutOfRange { min: 10, max: i64::from(u32::MAX) };
        assert_eq!(refusal(refused), ("client_licences".into(), range));
    }
}
