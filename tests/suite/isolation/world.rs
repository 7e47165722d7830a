//! The company that the isolation test is about, made once, copied for each row.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, ManualClock};
use directory_model::id::{CountedIds, GroupId, ResellerId, RunId, SiteId, TenantId};
use directory_model::rights::{Role, Scope};
use directory_model::run::Trigger;
use directory_model::timestamp::Timestamp;
use directory_store::database::{Database, OpenOptions};
use directory_store::sync_runs::{self, Start};
use gateway_presence::facts::{FactChange, TenantFacts};
use http::Method;
use serde_json::{Value, json};
use suite::app::{As, TestGateway};
use suite::backend::new_folder;

/// Who asks, in the order of the table's columns.
pub(crate) const SUBJECTS: [&str; 13] = [
    "platform",
    "reseller",
    "tenant",
    "site",
    "group",
    "contact",
    "supervisor",
    "agent",
    "employee",
    // The same rights on something else of the same tenant.
    "other_site",
    "other_group",
    // The same rights somewhere else.
    "other_reseller",
    "other_tenant",
];

/// The made company: where its store is, who is who, and what paths name.
pub(crate) struct World {
    folder: PathBuf,
    clock: ManualClock,
    /// The credentials of each subject.
    pub(crate) subjects: BTreeMap<&'static str, As>,
    /// The identity that stands for each path parameter.
    pub(crate) names: BTreeMap<&'static str, String>,
}

/// A gateway over a copy of the world.
pub(crate) struct Copy {
    /// The gateway.
    pub(crate) gateway: TestGateway,
    folder: PathBuf,
}

impl World {
    /// Makes the company through the API, and one user for each subject.
    pub(crate) async fn make() -> Self {
        let folder = new_folder();
        let clock = ManualClock::new(Timestamp::from_millis(1_795_339_800_000));
        let ids = Arc::new(CountedIds::default());
        let database = open(&folder, ids).await;
        database.migrate().await.expect("the migrations run");
        let gateway = TestGateway::over(&database, &clock);
        let platform = gateway.platform().await;
        let mut made = Maker { gateway: &gateway, who: platform.clone(), names: BTreeMap::new() };

        made.make("partner", "/api/v1/resellers", json!({"name": "Partner"})).await;
        made.make("reseller", "/api/v1/resellers", json!({"name": "Childless"})).await;
        made.make("other_reseller", "/api/v1/resellers", json!({"name": "Rival"})).await;
        let partner = made.names["partner"].clone();
        made.make("tenant", "/api/v1/tenants", json!({"name": "Acme", "reseller": partner})).await;
        made.make("other_tenant", "/api/v1/tenants", json!({"name": "Other"})).await;
        let tenant: TenantId = made.names["tenant"].parse().expect("an identity");
        let other: TenantId = made.names["other_tenant"].parse().expect("an identity");
        made.who = gateway.token(tenant, "tenant", Role::Tenant, Scope::Tenant(tenant)).await;
        made.fill(tenant, &database, &clock).await;

        let mut subjects = BTreeMap::from([("platform", platform), ("tenant", made.who.clone())]);
        let names = made.names;
        let (site, other_site): (SiteId, SiteId) = (id(&names, "site"), id(&names, "other_site"));
        let (group, other_group): (GroupId, GroupId) = (id(&names, "group"), id(&names, "other_group"));
        let contact = Some(id(&names, "contact"));
        let partner: ResellerId = id(&names, "partner");
        let rival: ResellerId = id(&names, "other_reseller");
        for (name, home, role, scope, contact) in [
            ("reseller", TenantId::PLATFORM, Role::Reseller, Scope::Reseller(partner), None),
            ("site", tenant, Role::Site, Scope::Site(site), None),
            ("group", tenant, Role::Group, Scope::Group(group), None),
            ("contact", tenant, Role::Contact, Scope::Site(site), None),
            ("supervisor", tenant, Role::Supervisor, Scope::Group(group), None),
            ("agent", tenant, Role::Agent, Scope::Group(group), None),
            ("employee", tenant, Role::Employee, Scope::Tenant(tenant), contact),
            ("other_site", tenant, Role::Site, Scope::Site(other_site), None),
            ("other_group", tenant, Role::Group, Scope::Group(other_group), None),
            ("other_reseller", TenantId::PLATFORM, Role::Reseller, Scope::Reseller(rival), None),
            ("other_tenant", other, Role::Tenant, Scope::Tenant(other), None),
        ] {
            subjects.insert(name, gateway.token_of(home, name, role, scope, contact).await);
        }
        // The first use of a token is noted; later ones within a minute are not.
        for who in subjects.values() {
            gateway.ask(who, Method::GET, "/api/v1/tenants", None).await;
        }
        drop((gateway, database));
        Self { folder, clock, subjects, names }
    }

    /// A gateway over a fresh copy.
    pub(crate) async fn copy(&self) -> Copy {
        let folder = new_folder();
        for file in std::fs::read_dir(&self.folder).expect("the world's folder") {
            let file = file.expect("a file").path();
            std::fs::copy(&file, folder.join(file.file_name().expect("a name"))).expect("a copy");
        }
        // Far from the identities that the world's making used up.
        let ids = Arc::new(CountedIds::default());
        for _ in 0..100_000 {
            directory_model::id::IdSource::next_ulid(&*ids);
        }
        let database = open(&folder, ids).await;
        let gateway = TestGateway::over(&database, &self.clock);
        let tenant = id(&self.names, "tenant");
        *gateway.sync.run.lock().expect("a lock") = Some(id(&self.names, "run"));
        let facts = TenantFacts::new(&directory_model::tenant::TenantFields::default());
        gateway.book.apply(tenant, vec![FactChange::Tenant(facts)]);
        Copy { gateway, folder }
    }
}

impl Copy {
    /// Everything that a refused request must leave alone: the store, what is known about the
    /// contact, and what was asked of synchronization.
    pub(crate) fn state(&self, world: &World) -> (Vec<Vec<u8>>, Value, Vec<String>) {
        let why = self.gateway.book.why(id(&world.names, "tenant"), id(&world.names, "contact"));
        let asked = self.gateway.sync.asked.lock().expect("a lock").clone();
        (self.contents(), serde_json::to_value(why).expect("an explanation"), asked)
    }

    /// Everything that the store holds, to the byte. A transaction that is rolled back leaves it.
    fn contents(&self) -> Vec<Vec<u8>> {
        ["switchboard.db", "switchboard.db-wal"]
            .map(|file| std::fs::read(self.folder.join(file)).unwrap_or_default())
            .into()
    }
}

struct Maker<'a> {
    gateway: &'a TestGateway,
    who: As,
    names: BTreeMap<&'static str, String>,
}

impl Maker<'_> {
    async fn make(&mut self, name: &'static str, path: &str, body: Value) {
        let answer = self.gateway.ask(&self.who, Method::POST, path, Some(&body)).await;
        assert_eq!(answer.status, 201, "{name}: {}", answer.json);
        self.names.insert(name, answer.json["id"].as_str().expect("an identity").to_owned());
    }

    async fn fill(&mut self, tenant: TenantId, database: &Database, clock: &ManualClock) {
        let at = format!("/api/v1/tenants/{tenant}");
        let later = clock.now().plus(Duration::from_hours(1));
        self.make("site", &format!("{at}/sites"), json!({"name": "Berlin"})).await;
        self.make("other_site", &format!("{at}/sites"), json!({"name": "Wien"})).await;
        for (site, group, contact, person) in
            [("site", "group", "contact", "Anna"), ("other_site", "other_group", "other_contact", "Bert")]
        {
            let home = self.names[site].clone();
            let shown = self.gateway.ask(&self.who, Method::GET, &format!("{at}/sites/{home}"), None).await;
            let root = shown.json["root_group"].clone();
            if site == "site" {
                self.names.insert("root", root.as_str().expect("an identity").to_owned());
            }
            self.make(group, &format!("{at}/groups"), json!({"name": group, "parent": root})).await;
            let body = json!({"display_name": person, "home_site": home});
            self.make(contact, &format!("{at}/contacts"), body).await;
            let member = format!("{at}/groups/{}/members/{}", self.names[group], self.names[contact]);
            let added = self.gateway.ask(&self.who, Method::PUT, &member, None).await;
            assert_eq!(added.status, 204, "{}", added.json);
        }
        self.make("domain", &format!("{at}/domains"), json!({"title": "Web", "hosts": ["www.acme.test"]})).await;
        let body = json!({"title": "Sales", "site": self.names["site"], "domains": [self.names["domain"]]});
        self.make("publication", &format!("{at}/publications"), body).await;
        self.make("user", &format!("{at}/users"), json!({"name": "somebody"})).await;
        let body =
            json!({"user": self.names["user"], "role": "agent", "scope": {"kind": "group", "id": self.names["group"]}});
        self.make("grant", &format!("{at}/grants"), body).await;
        let body =
            json!({"name": "robot", "role": "agent", "scope": {"kind": "tenant", "id": tenant}, "expires_at": later});
        self.make("token", &format!("{at}/tokens"), body).await;
        let file = json!({"kind": "file", "path": "people.ldif", "format": "ldif"});
        self.make("source", &format!("{at}/sources"), json!({"name": "HR", "connection": file})).await;
        let notes = format!("{at}/contacts/{}/notes", self.names["contact"]);
        self.make("note", &notes, json!({"text": "back at noon"})).await;
        let manual = format!("{at}/contacts/{}/presence/manual", self.names["contact"]);
        let body = json!({"availability": "busy"});
        let set = self.gateway.ask(&self.who, Method::PUT, &manual, Some(&body)).await;
        assert_eq!(set.status, 204, "{}", set.json);
        self.names.insert("run", start_run(tenant, id(&self.names, "source"), database, clock).await.to_string());
    }
}

async fn start_run(
    tenant: TenantId,
    source: directory_model::id::SourceId,
    database: &Database,
    clock: &ManualClock,
) -> RunId {
    let origin = Origin { actor: Actor::System, request: None, at: clock.now() };
    let started = database.write(tenant, origin, move |tx| sync_runs::start(tx, source, Trigger::Manual)).await;
    match started.expect("the store writes").expect("the tenant exists") {
        Start::Started(run) => run.id,
        _ => panic!("the run starts"),
    }
}

async fn open(folder: &Path, ids: Arc<CountedIds>) -> Database {
    let url = format!("sqlite:{}", folder.join("switchboard.db").display());
    Database::open(&OpenOptions::new(url, ids)).await.expect("the database opens")
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(names: &BTreeMap<&'static str, String>, name: &str) -> T {
    names[name].parse().expect("an identity")
}
