//! Groups of a source, mirrored in the tenant's tree.

use directory_model::group::{Group, GroupFields};
use directory_model::id::{GroupId, PublicationId};
use directory_model::invalid::Rule;
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::record::{Extent, SourceGroup, SourceGroups};
use directory_model::rights::{Role, Scope};
use directory_model::run::{Counts, RunAction};
use directory_model::source::LdapConnection;
use directory_model::user::UserFields;
use directory_store::error::{StoreError, StoreResult};
use directory_store::groups::synced::{GroupAct, GroupChange, write_batch};
use directory_store::{changes, grants, groups, publications, users};
use suite::on_each_backend;
use suite::slapd::{Options, PEOPLE, Slapd, people};

use super::directory::reader;
use super::*;

/// A source that is never connected to and mirrors groups.
fn ldap() -> LdapConnection {
    LdapConnection {
        url: "ldap://directory.example".into(),
        is_starttls: false,
        trusted_certificates: None,
        bind_dn: None,
        base_dn: "dc=example".into(),
        filter: "(objectClass=person)".into(),
        group_filter: Some("(objectClass=group)".into()),
        group_base_dn: None,
        page_size: 10,
        timeout_seconds: 30,
    }
}

pub(super) async fn mirroring(db: TestDatabase) -> World {
    let tenant = db.tenant("Acme").await;
    let fields = SourceFields { approval_threshold_percent: 10, ..source_fields(Connection::Ldap(ldap())) };
    let source = add_source(&db, tenant, fields).await;
    let script = Arc::<Script>::default();
    let engine = engine(&db, script.clone());
    World { db, tenant, source, script, engine }
}

/// Groups by identity, with their names and the names of their people.
pub(super) fn said(groups: &[(&str, &str, &[&str])]) -> SourceGroups {
    let mut said = SourceGroups::default();
    for (id, name, people) in groups {
        let mut members = Vec::new();
        for person in *people {
            let known = said.people.iter().position(|known| known == person.as_bytes());
            let place = known.unwrap_or_else(|| {
                said.people.push(person.as_bytes().to_vec());
                said.people.len() - 1
            });
            members.push(u32::try_from(place).expect("few"));
        }
        members.sort_unstable();
        let locator = format!("cn={name},dc=example");
        said.groups.push(SourceGroup { external_id: id.as_bytes().into(), name: (*name).into(), locator, members });
    }
    said
}

impl World {
    pub(super) fn mirrors(&self, groups: Result<SourceGroups, SourceError>) {
        *self.script.groups.lock().unwrap() = Some(groups);
    }

    async fn groups(&self) -> Vec<Group> {
        let tenant = self.tenant;
        self.db.read(move |conn| groups::all(conn, tenant)).await
    }

    /// The mirrored groups by name, with the names of their members.
    pub(super) async fn tree(&self) -> Vec<(String, Vec<String>)> {
        let mut tree = Vec::new();
        for group in self.groups().await {
            if group.fields.parent.is_none() {
                continue;
            }
            let (tenant, id) = (self.tenant, group.id);
            let members = self.db.read(move |conn| groups::member_ids(conn, tenant, id)).await.expect("there");
            let all = self.contacts().await;
            let name = |id: ContactId| all.iter().find(|contact| contact.id == id).expect("there").fields.shown_name();
            tree.push((group.fields.name, members.into_iter().map(name).collect()));
        }
        tree.sort();
        tree
    }

    pub(super) async fn group(&self, name: &str) -> Group {
        self.groups().await.into_iter().find(|group| group.fields.name == name).unwrap_or_else(|| panic!("{name}"))
    }

    /// A publication that shows the group.
    pub(super) async fn showing(&self, group: GroupId) -> PublicationId {
        let fields = PublicationFields { title: format!("Team {group}"), ..PublicationFields::default() };
        let fields = fields.check().expect("valid");
        let make = move |tx: &mut directory_store::tx::Tx<'_>| {
            let made = publications::insert(tx, &fields)?;
            publications::set_entries(tx, made.id, None, &[PublicationEntry::Group(group)])
        };
        self.db.write(self.tenant, make).await.expect("made").id
    }

    pub(super) async fn shown_by(&self, publication: PublicationId) -> Vec<PublicationEntry> {
        let tenant = self.tenant;
        self.db.read(move |conn| publications::find(conn, tenant, publication)).await.expect("there").entries
    }

    async fn refused<T: Send + std::fmt::Debug + 'static>(
        &self,
        work: impl FnOnce(&mut directory_store::tx::Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> (String, Rule) {
        match self.db.try_write(self.tenant, work).await {
            Err(StoreError::Refused(mut refusals)) => {
                let refusal = refusals.remove(0);
                (refusal.field, refusal.rule)
            }
            other => panic!("not refused: {other:?}"),
        }
    }
}

pub(super) fn tree(groups: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let names = |people: &[&str]| people.iter().map(|name| (*name).to_owned()).collect();
    groups.iter().map(|(group, people)| ((*group).to_owned(), names(people))).collect()
}

on_each_backend! {
    async fn groups_are_mirrored_flat_and_followed(db: TestDatabase) {
        let world = mirroring(db).await;
        world.says(&entries(&["anna", "ben", "cara"]));
        world.mirrors(Ok(said(&[
            ("s", "Sales", &["anna", "ben"]),
            ("t", "Trade", &["cara", "stranger"]),
            ("e", "Empty", &[]),
        ])));

        let first = world.finish().await;

        succeeded(&first);
        let created = Counts { read: 3, created: 3, groups_created: 3, memberships_added: 3, ..Counts::default() };
        assert_eq!(first.counts, created);
        assert_eq!(world.tree().await, tree(&[("Empty", &[]), ("Sales", &["anna", "ben"]), ("Trade", &["cara"])]));
        let node = world.group("Directory").await;
        let sales = world.group("Sales").await;
        assert_eq!((node.synced_from, node.fields.parent), (Some(world.source), None));
        assert_eq!((sales.synced_from, sales.fields.parent, sales.member_count), (Some(world.source), Some(node.id), 2));
        let lines = world.entries(first.id).await;
        let line = lines.iter().find(|line| line.action == RunAction::CreateGroup).expect("a line");
        assert_eq!(line.locator, "cn=Sales,dc=example");

        // The same again writes nothing but the run.
        let seq = world.change_seq().await;
        let second = world.finish().await;
        assert_eq!(second.counts, Counts { read: 3, unchanged: 3, ..Counts::default() });
        assert_eq!(world.change_seq().await, seq + 2, "the run started and ended");

        // Two exchange their names, one goes, people come and go; who follows the line hears of it.
        let publication = world.showing(sales.id).await;
        let seq = world.change_seq().await;
        world.mirrors(Ok(said(&[("s", "Trade", &["ben", "cara"]), ("t", "Sales", &["cara"])])));
        let third = world.finish().await;
        succeeded(&third);
        let expected = Counts {
            read: 3,
            unchanged: 3,
            groups_renamed: 2,
            groups_removed: 1,
            memberships_added: 1,
            memberships_removed: 1,
            ..Counts::default()
        };
        assert_eq!(third.counts, expected);
        assert_eq!(world.tree().await, tree(&[("Sales", &["cara"]), ("Trade", &["ben", "cara"])]));
        assert_eq!(world.group("Trade").await.id, sales.id);
        assert_eq!(world.shown_by(publication).await, [PublicationEntry::Group(sales.id)]);
        let tenant = world.tenant;
        let line = world.db.read(move |conn| changes::list(conn, tenant, seq, 100)).await;
        assert!(line.iter().any(|change| change.object == sales.id.to_string() && !change.is_removal));
        assert!(line.iter().any(|change| change.is_removal));
    }

    async fn what_a_run_did_with_groups_is_taken_back_and_left_so(db: TestDatabase) {
        let world = mirroring(db).await;
        let mut said_of_people = entries(&["anna", "ben", "cara", "hotline"]);
        said_of_people[3].mapped.is_service = true;
        world.says(&said_of_people);
        let before = said(&[("s", "Sales", &["anna", "ben"]), ("t", "Trade", &["cara"]), ("x", "Old", &["anna", "cara"])]);
        world.mirrors(Ok(before));
        succeeded(&world.finish().await);
        let (then, old) = (world.tree().await, world.group("Old").await);
        let publication = world.showing(old.id).await;
        let staffed = move |fields: &mut ContactFields| fields.staffed_by = Some(old.id);
        world.edit(world.contact("hotline").await.id, staffed).await;
        // One goes with its uses, one comes, two exchange their names, people come and go.
        let after = || said(&[("s", "Trade", &["ben", "cara"]), ("t", "Sales", &["cara"]), ("n", "New", &["ben"])]);
        world.mirrors(Ok(after()));
        let run = world.finish().await;
        succeeded(&run);
        assert_eq!(world.shown_by(publication).await, []);

        let undone = world.undo(run.id).await;

        succeeded(&undone);
        assert_eq!(world.tree().await, then);
        assert_eq!(world.group("Old").await.id, old.id);
        assert_eq!(world.shown_by(publication).await, [PublicationEntry::Group(old.id)]);
        assert_eq!(world.contact("hotline").await.fields.staffed_by, Some(old.id));
        let expected = Counts {
            groups_created: 1,
            groups_renamed: 2,
            groups_removed: 1,
            memberships_added: 1,
            memberships_removed: 1,
            ..Counts::default()
        };
        assert_eq!(undone.counts, expected);
        // The next run leaves them alone, and follows each once the directory says something else of it.
        let kept = world.finish().await;
        assert_eq!(kept.counts, Counts { read: 4, unchanged: 4, ..Counts::default() });
        assert_eq!(world.tree().await, then);
        let mut later = after();
        later.groups[2].name = "Newer".into();
        world.mirrors(Ok(later));
        assert_eq!(world.finish().await.counts.groups_created, 1);
        let now = [("Newer", &["ben"] as &[&str]), ("Old", &["anna", "cara"]), ("Sales", &["anna", "ben"]), ("Trade", &["cara"])];
        assert_eq!(world.tree().await, tree(&now));
    }

    async fn a_group_that_is_used_or_renamed_since_is_left(db: TestDatabase) {
        let world = mirroring(db).await;
        world.says(&entries(&["anna"]));
        world.mirrors(Ok(said(&[("s", "Sales", &["anna"])])));
        succeeded(&world.finish().await);
        world.mirrors(Ok(said(&[("s", "Trade", &["anna"]), ("n", "New", &[])])));
        let run = world.finish().await;
        world.showing(world.group("New").await.id).await;
        world.mirrors(Ok(said(&[("s", "Traders", &["anna"]), ("n", "New", &[])])));
        succeeded(&world.finish().await);

        let planned = world.plan_undo(run.id).await;

        // Nothing is left to take back, so only what stays is listed.
        let reasons: Vec<_> = world.entries(planned.id).await.into_iter().filter_map(|line| line.reason).collect();
        let since = |name: &str| directory_model::invalid::Invalid::new("group", name, Rule::ChangedMeanwhile);
        assert_eq!(reasons, [since("Traders"), since("New")]);
        assert_eq!(world.tree().await, tree(&[("New", &[]), ("Traders", &["anna"])]));
    }

    async fn an_answer_that_cannot_be_trusted_takes_nobody_away(db: TestDatabase) {
        let world = mirroring(db).await;
        let names: Vec<String> = (0..30).map(|number| format!("p{number:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        world.says(&entries(&names));
        world.mirrors(Ok(said(&[("a", "All", &names), ("b", "Some", &names[..5])])));
        succeeded(&world.finish().await);
        let before = world.tree().await;

        let cut = SourceError::CutShort { read: 0, detail: "the connection was closed".into() };
        let unread = RunProblem::GroupsUnread { detail: "the connection was closed".into() };
        let nameless = SourceGroups { unidentified: 1, ..said(&[("a", "All", &names)]) };
        for (answer, problem) in [
            (Err(cut), unread),
            (Ok(SourceGroups::default()), RunProblem::GroupsEmpty { groups: 2 }),
            (
                Ok(said(&[("a", "All", &names[..15]), ("b", "Some", &names[..5])])),
                RunProblem::GroupsKept { removals: 15, known: 37, threshold_percent: 10 },
            ),
            (Ok(nameless), RunProblem::GroupsUnidentified { groups: 1 }),
        ] {
            world.mirrors(answer);
            let run = world.finish().await;
            assert_eq!((run.state, run.problem), (RunState::Succeeded, Some(problem)));
            assert_eq!(run.counts, Counts { read: 30, unchanged: 30, ..Counts::default() });
            assert_eq!(world.tree().await, before);
        }

        // What comes is not held up by what may not go.
        world.mirrors(Ok(said(&[("b", "Renamed", &names[..6])])));
        let run = world.finish().await;
        assert_eq!(run.problem, Some(RunProblem::GroupsKept { removals: 31, known: 37, threshold_percent: 10 }));
        assert_eq!((run.counts.groups_renamed, run.counts.memberships_added), (1, 1));
        assert_eq!(world.tree().await.len(), 2);

        // Whoever allows it gets it.
        world.edit_source(|fields| fields.approval_threshold_percent = 100).await;
        let run = world.finish().await;
        succeeded(&run);
        assert_eq!(world.tree().await, tree(&[("Renamed", &names[..6])]));
    }

    async fn another_server_that_may_lag_takes_nobody_away(db: TestDatabase) {
        let world = mirroring(db).await;
        world.says(&entries(&["anna", "ben"]));
        world.mirrors(Ok(said(&[("a", "All", &["anna", "ben"])])));
        succeeded(&world.finish().await);

        let end = ReadEnd { extent: Extent::Whole { may_lag: true }, ..ReadEnd::whole(2) };
        *world.script.end.lock().unwrap() = Some(Ok(end));
        world.mirrors(Ok(said(&[("a", "All", &["anna"]), ("n", "New", &["ben"])])));
        succeeded(&world.finish().await);
        assert_eq!(world.tree().await, tree(&[("All", &["anna", "ben"]), ("New", &["ben"])]));

        *world.script.end.lock().unwrap() = None;
        succeeded(&world.finish().await);
        assert_eq!(world.tree().await, tree(&[("All", &["anna"]), ("New", &["ben"])]));
    }

    async fn a_name_that_somebody_has_gets_a_number(db: TestDatabase) {
        let world = mirroring(db).await;
        let taken = GroupFields { name: "directory".into(), parent: None }.check().expect("valid");
        world.db.write(world.tenant, move |tx| groups::insert(tx, &taken)).await;
        world.says(&entries(&["anna"]));
        world.mirrors(Ok(said(&[("1", "Sales", &["anna"]), ("2", "sales", &[]), ("3", "Sales", &[])])));

        succeeded(&world.finish().await);

        let names = || async { world.tree().await.into_iter().map(|(name, _)| name).collect::<Vec<_>>() };
        assert_eq!(names().await, ["Sales", "Sales (3)", "sales (2)"]);
        assert_eq!(world.group("Directory (2)").await.synced_from, Some(world.source));
        world.edit_source(|fields| fields.name = "Head office".into()).await;
        assert_eq!(world.group("Head office").await.synced_from, Some(world.source));
        world.mirrors(Ok(said(&[("2", "sales", &[]), ("3", "Sales", &[])])));
        succeeded(&world.finish().await);
        assert_eq!(names().await, ["Sales (3)", "sales"]);
    }

    async fn mirrored_groups_are_changed_by_nobody_and_give_no_rights(db: TestDatabase) {
        let world = mirroring(db).await;
        world.says(&entries(&["anna", "ben"]));
        world.mirrors(Ok(said(&[("s", "Sales", &["anna"])])));
        succeeded(&world.finish().await);
        let (node, sales) = (world.group("Directory").await.id, world.group("Sales").await);
        let (anna, ben) = (world.contact("anna").await.id, world.contact("ben").await.id);
        let own = GroupFields { name: "Own".into(), parent: None }.check().expect("valid");
        let own = world.db.write(world.tenant, move |tx| groups::insert(tx, &own)).await.id;
        let user = UserFields { name: "bernd".into(), ..UserFields::default() }.check().expect("valid");
        let user = world.db.write(world.tenant, move |tx| users::insert(tx, &user)).await.id;
        let fields = move |name: &str, parent| GroupFields { name: name.into(), parent }.check().expect("valid");
        let mirrored = |field: &str| (field.to_owned(), Rule::Mirrored);

        let (id, revision) = (sales.id, sales.revision);
        let renamed = world.refused(move |tx| groups::update(tx, id, revision, &fields("Trade", Some(node)))).await;
        assert_eq!(renamed, mirrored("synced_from"));
        let moved = world.refused(move |tx| groups::update(tx, id, revision, &fields("Sales", None))).await;
        assert_eq!(moved, mirrored("synced_from"));
        for group in [id, node] {
            assert_eq!(world.refused(move |tx| groups::remove(tx, group, None)).await, mirrored("synced_from"));
            assert_eq!(world.refused(move |tx| groups::add_member(tx, group, ben)).await, mirrored("contact"));
            let below = world.refused(move |tx| groups::insert(tx, &fields("Below", Some(group)))).await;
            assert_eq!(below, mirrored("parent"));
            let into = world.refused(move |tx| groups::update(tx, own, 1, &fields("Own", Some(group)))).await;
            assert_eq!(into, mirrored("parent"));
            let granted = world.refused(move |tx| grants::insert(tx, user, Role::Group, Scope::Group(group))).await;
            assert_eq!(granted, mirrored("scope"));
        }
        assert_eq!(world.refused(move |tx| groups::remove_member(tx, id, anna)).await, mirrored("contact"));
        assert_eq!(world.tree().await, tree(&[("Sales", &["anna"])]));
    }

    async fn groups_go_with_their_filter_or_source_and_so_does_every_use_of_them(db: TestDatabase) {
        let world = mirroring(db).await;
        world.says(&entries(&["anna"]));
        world.mirrors(Ok(said(&[("s", "Sales", &["anna"])])));
        succeeded(&world.finish().await);
        let publication = world.showing(world.group("Sales").await.id).await;

        world.edit_source(|fields| {
            let Connection::Ldap(ldap) = &mut fields.connection else { panic!("a directory") };
            ldap.group_filter = None;
        }).await;
        assert_eq!((world.groups().await, world.shown_by(publication).await), (vec![], vec![]));
        succeeded(&world.finish().await);
        assert_eq!(world.groups().await, []);

        world.edit_source(|fields| fields.connection = Connection::Ldap(ldap())).await;
        succeeded(&world.finish().await);
        assert_eq!(world.tree().await, tree(&[("Sales", &["anna"])]));
        let source = world.source;
        world.db.write(world.tenant, move |tx| sources::remove(tx, source, None)).await.expect("there");
        assert_eq!(world.groups().await, []);
        assert_eq!(world.contacts().await.len(), 1);
    }

    async fn a_run_that_is_under_way_brings_no_groups_back(db: TestDatabase) {
        let world = mirroring(db).await;
        let (tenant, source) = (world.tenant, world.source);
        let run = move |tx: &mut directory_store::tx::Tx<'_>| {
            sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole)
        };
        let sync_runs::Start::Started(run) = world.db.write(tenant, run).await else { panic!("the run starts") };
        world.edit_source(|fields| {
            let Connection::Ldap(ldap) = &mut fields.connection else { panic!("a directory") };
            ldap.group_filter = None;
        }).await;

        let act = GroupAct::Create("Late".into());
        let late = vec![GroupChange { external_id: b"l".into(), locator: "cn=Late".into(), act }];
        world.db.write(tenant, move |tx| write_batch(tx, &run, late, &mut Counts::default())).await;

        assert_eq!(world.groups().await, []);
    }

    async fn a_run_for_some_contacts_or_one_that_failed_asks_for_no_groups(db: TestDatabase) {
        let world = mirroring(db).await;
        world.says(&entries(&["anna"]));
        world.mirrors(Ok(said(&[("s", "Sales", &["anna"])])));
        succeeded(&world.finish().await);
        let anna = world.contact("anna").await.id;
        world.mirrors(Err(SourceError::Internal));

        succeeded(&world.run_for(&[anna]).await);

        world.says(&[]);
        assert_eq!(world.finish().await.problem, Some(RunProblem::Empty));
    }

    async fn openldap_groups_arrive_with_their_people(db: TestDatabase) {
        let groups = "ou=Groups,dc=example,dc=com";
        let top = format!("dn: {groups}\nobjectClass: organizationalUnit\nou: Groups\n\n");
        let outer = format!(
            "dn: cn=Outer,{groups}\nobjectClass: groupOfNames\ncn: Outer\nmember: cn=Inner,{groups}\n\
             member: uid=u000000,{PEOPLE}\n\n"
        );
        let inner = format!("dn: cn=Inner,{groups}\nobjectClass: groupOfNames\ncn: Inner\nmember: uid=u000001,{PEOPLE}\n\n");
        let entries = format!("{}{top}{outer}{inner}", people(3));
        let slapd = Slapd::start(&Options { entries, is_synchronizing: true, session_log: Some(100), ..Options::default() });
        let world = super::directory::world(db, &slapd, Arc::new(reader())).await;
        world.connect(&slapd, |connection| {
            connection.group_filter = Some("(objectClass=groupOfNames)".into());
            connection.group_base_dn = Some(groups.into());
        }).await;

        let first = world.finish().await;

        succeeded(&first);
        assert_eq!((first.counts.groups_created, first.counts.memberships_added), (2, 3));
        assert_eq!(world.group("Outer").await.member_count, 2);

        // A run that reads changes alone sees what became of the groups.
        slapd.set(&format!("cn=Inner,{groups}"), "member", format!("uid=u000002,{PEOPLE}")).await;
        let run = world.changes().await;
        succeeded(&run);
        assert_eq!((run.extent, run.counts.memberships_added, run.counts.memberships_removed), (RunExtent::Changes, 2, 2));
    }
}
