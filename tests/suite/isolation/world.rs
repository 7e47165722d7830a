//! The two companies that the isolation test is about, made once and brought back for each row.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use directory_model::alert::Language;
use directory_model::avatar::Face;
use directory_model::clock::Clock;
use directory_model::contact::ContactFields;
use directory_model::domain::DomainFields;
use directory_model::enquiry::{Asker, EnquiryKind, Said, WhenUnreachable};
use directory_model::id::{ContactId, TenantId, UserId};
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::rights::{Role, Scope};
use directory_model::run::{RunExtent, Trigger};
use directory_model::tenant::TenantFields;
use directory_store::enquiries::{self, NewEnquiry};
use directory_store::sessions::{self, NewSession};
use directory_store::sync_runs::{self, Start};
use directory_store::{avatars, call_settings, extension_lists};
use gateway_api::hash_secret;
use gateway_presence::facts::{ContactFacts, DomainFacts, FactChange, PublicationFacts, TenantFacts};
use http::Method;
use serde_json::{Value, json};
use suite::app::{Answer, As, TestGateway};
use suite::backend::TestDatabase;
use suite::kept::Kept;

use super::call::PICTURE;

/// The identity that stands for each path parameter, and what else rows name.
pub(crate) type Names = BTreeMap<&'static str, String>;

/// On what a subject has its role.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the platform, the reseller or the tenant that the objects are of.
    Whole,
    /// On the part of the tenant that the objects are in.
    Part,
    /// On another part of the same tenant.
    Sibling,
    /// On another reseller and its tenant.
    Abroad,
}

/// A role on the scope that the world's names call so, and the contact that the user is.
type Subject = (Place, Role, &'static str, Option<&'static str>);

/// Who asks, in the order of the table's columns; after them comes nobody.
#[rustfmt::skip]
pub(crate) const SUBJECTS: [Subject; 32] = [
    (Place::Whole, Role::Platform, "platform", None),
    (Place::Whole, Role::Reseller, "partner", None),
    (Place::Whole, Role::Tenant, "tenant", None),
    (Place::Whole, Role::Site, "tenant", None),
    (Place::Whole, Role::Group, "tenant", None),
    (Place::Whole, Role::Contact, "tenant", None),
    (Place::Whole, Role::Supervisor, "tenant", None),
    (Place::Whole, Role::Agent, "tenant", None),
    (Place::Whole, Role::Employee, "tenant", None),
    (Place::Part, Role::Site, "site", None),
    (Place::Part, Role::Group, "group", None),
    (Place::Part, Role::Contact, "site", None),
    (Place::Part, Role::Supervisor, "group", None),
    (Place::Part, Role::Agent, "group", None),
    (Place::Part, Role::Employee, "group", Some("contact")),
    (Place::Part, Role::Site, "publication", None),
    (Place::Sibling, Role::Site, "other_site", None),
    (Place::Sibling, Role::Group, "other_group", None),
    (Place::Sibling, Role::Contact, "other_site", None),
    (Place::Sibling, Role::Supervisor, "other_group", None),
    (Place::Sibling, Role::Agent, "other_group", None),
    (Place::Sibling, Role::Employee, "other_group", Some("other_contact")),
    (Place::Sibling, Role::Site, "other_publication", None),
    (Place::Abroad, Role::Reseller, "rival", None),
    (Place::Abroad, Role::Tenant, "tenant", None),
    (Place::Abroad, Role::Site, "tenant", None),
    (Place::Abroad, Role::Group, "tenant", None),
    (Place::Abroad, Role::Contact, "tenant", None),
    (Place::Abroad, Role::Supervisor, "tenant", None),
    (Place::Abroad, Role::Agent, "tenant", None),
    (Place::Abroad, Role::Employee, "tenant", Some("contact")),
    (Place::Abroad, Role::Site, "publication", None),
];

/// The made companies: where they are kept, who is who, and what paths name.
pub(crate) struct World {
    db: TestDatabase,
    kept: Kept,
    /// Somebody has changed something since it was made or brought back.
    is_touched: AtomicBool,
    /// The credentials of each subject, in the order of [`SUBJECTS`].
    pub(crate) subjects: Vec<As>,
    /// What rows are about.
    pub(crate) names: Names,
    /// The same in the other reseller's tenant.
    pub(crate) abroad: Names,
    /// The same in another tenant of the same reseller.
    pub(crate) sister: Names,
    /// Who runs all of that one.
    pub(crate) sister_chief: As,
    /// The contact's picture.
    face: Face,
}

/// A gateway over the world as it was made.
pub(crate) struct Scene<'a> {
    pub(crate) gateway: TestGateway,
    world: &'a World,
}

/// Everything that a refused request must leave alone.
#[derive(PartialEq)]
pub(crate) struct State {
    /// Every row of the store, by table.
    pub(crate) rows: BTreeMap<String, String>,
    /// What is known about the contact.
    why: Value,
    /// What was asked of synchronization.
    asked: Vec<String>,
    /// How often a directory was connected to.
    looked: usize,
}

impl World {
    /// Makes the companies through the API, and one user for each subject.
    pub(crate) async fn make(db: TestDatabase) -> Self {
        let gateway = TestGateway::over(&db.database, &db.clock);
        // Streams say what they have to say and end.
        gateway.state.end_streams();
        let platform = gateway.platform().await;
        let common = Names::from([("platform", TenantId::PLATFORM.to_string())]);
        let mut made = Maker { gateway: &gateway, db: &db, who: platform.clone(), names: common.clone() };
        made.make("partner", "/api/v1/resellers", reseller("Partner")).await;
        made.make("reseller", "/api/v1/resellers", json!({"name": "Childless"})).await;
        made.company("Acme", "partner").await;
        let mut names = made.names;
        let (tenant, contact): (TenantId, ContactId) = (id(&names, "tenant"), id(&names, "contact"));
        let face = db.read(move |conn| avatars::faces(conn, tenant, contact)).await.remove(0);
        names.insert("picture", face.picture.to_string());
        let partner = Names::from([("platform", names["platform"].clone()), ("partner", names["partner"].clone())]);
        let mut made = Maker { gateway: &gateway, db: &db, who: platform.clone(), names: partner };
        made.company("Sister", "partner").await;
        let (sister, sister_chief) = (made.names, made.who);
        let mut made = Maker { gateway: &gateway, db: &db, who: platform.clone(), names: common };
        made.make("rival", "/api/v1/resellers", reseller("Rival")).await;
        made.company("Other", "rival").await;
        let abroad = made.names;

        let mut subjects = Vec::new();
        for (place, role, scope, contact) in SUBJECTS {
            let names = if place == Place::Abroad { &abroad } else { &names };
            let home = if role <= Role::Reseller { "platform" } else { "tenant" };
            let contact = contact.map(|contact| id::<ContactId>(names, contact));
            let who = match role {
                Role::Platform => platform.clone(),
                _ => {
                    gateway
                        .token_of(id(names, home), &label(place, role, scope), role, node(names, scope), contact)
                        .await
                }
            };
            subjects.push(who);
        }
        for who in subjects.iter().chain([&sister_chief]) {
            // The first use of a token is noted; later ones within a minute are not.
            gateway.ask(who, Method::GET, "/api/v1/tenants", None).await;
        }
        let kept = Kept::of(&db.database).await;
        let is_touched = AtomicBool::new(false);
        let mut world = Self { db, kept, is_touched, subjects, names, abroad, sister, sister_chief, face };
        let path = format!("/api/v1/visitor/publications/{}/form", world.names["key"]);
        let given = world.fresh().await.gateway.ask(&As::default(), Method::GET, &path, None).await;
        world.names.insert("form", given.json["form"].as_str().expect("a form").to_owned());
        // Nobody fills it in at once.
        world.db.clock.advance(Duration::from_secs(4));
        world
    }

    /// A gateway over the companies as they were made.
    pub(crate) async fn fresh(&self) -> Scene<'_> {
        if self.is_touched.swap(false, Ordering::Relaxed) {
            self.kept.bring_back(&self.db.database).await;
        }
        let gateway = TestGateway::over(&self.db.database, &self.db.clock);
        gateway.state.end_streams();
        *gateway.sync.run.lock().expect("a lock") = Some(id(&self.names, "run"));
        let domain = DomainFields { hosts: vec!["www.acme.test".into()], ..DomainFields::default() };
        let page = PublicationFields {
            domains: vec![id(&self.names, "domain")],
            when_unreachable: WhenUnreachable::Form,
            ..PublicationFields::default()
        };
        let contact = ContactFields { is_vcard_enabled: true, ..ContactFields::default() };
        let facts = vec![
            FactChange::Tenant(TenantFacts::new(&TenantFields { is_vcard_enabled: true, ..TenantFields::default() })),
            FactChange::Contact(ContactFacts::new(id(&self.names, "contact"), &contact, vec![self.face])),
            FactChange::Domain(DomainFacts { id: id(&self.names, "domain"), fields: domain, faces: Vec::new() }),
            FactChange::Publication(Box::new(PublicationFacts {
                id: id(&self.names, "publication"),
                key: self.names["key"].clone(),
                fields: page,
                entries: vec![PublicationEntry::Contact(id(&self.names, "contact"))],
                templates: std::collections::BTreeMap::new(),
            })),
        ];
        gateway.book.apply(id(&self.names, "tenant"), facts);
        Scene { gateway, world: self }
    }

    /// Who runs all of the tenant that rows are about.
    pub(crate) fn chief(&self) -> &As {
        &self.subjects[2]
    }
}

impl Scene<'_> {
    /// Asks, and remembers that something was done.
    pub(crate) async fn ask(&self, who: &As, method: Method, path: &str, tag: Option<&str>, body: &Value) -> Answer {
        let headers: Vec<(&str, &str)> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
        let answer = if body == PICTURE {
            send_picture(&self.gateway, who, path).await
        } else {
            let body = Some(body).filter(|body| !body.is_null());
            self.gateway.ask_with(who, method.clone(), path, &headers, body).await
        };
        if answer.status.is_success() && method != Method::GET {
            self.world.is_touched.store(true, Ordering::Relaxed);
        }
        answer
    }

    pub(crate) async fn state(&self) -> State {
        let names = &self.world.names;
        let why = self.gateway.book.why(id(names, "tenant"), id(names, "contact"));
        let why = serde_json::to_value(why).expect("an explanation");
        let asked = self.gateway.sync.asked.lock().expect("a lock").clone();
        State { rows: self.world.kept.rows(&self.world.db.database).await, why, asked, looked: self.looked() }
    }

    /// How often a directory was connected to.
    pub(crate) fn looked(&self) -> usize {
        self.gateway.probe.asked.lock().expect("a lock").len()
    }
}

/// How a subject is called where it deviates.
pub(crate) fn label(place: Place, role: Role, scope: &str) -> String {
    let land = if place == Place::Abroad { " abroad" } else { "" };
    format!("{role:?} on {scope}{land}").to_lowercase()
}

struct Maker<'a> {
    gateway: &'a TestGateway,
    db: &'a TestDatabase,
    who: As,
    names: Names,
}

impl Maker<'_> {
    async fn make(&mut self, name: &'static str, path: &str, body: Value) {
        let answer = self.gateway.ask(&self.who, Method::POST, path, Some(&body)).await;
        assert_eq!(answer.status, 201, "{name}: {}", answer.json);
        self.names.insert(name, answer.json["id"].as_str().expect("an identity").to_owned());
    }

    async fn put(&self, path: &str, body: Option<Value>) {
        let answer = self.gateway.ask(&self.who, Method::PUT, path, body.as_ref()).await;
        assert_eq!(answer.status, 204, "{path}: {}", answer.json);
    }

    /// A tenant with one of everything, and two of what rights may end at.
    async fn company(&mut self, name: &str, reseller: &str) {
        self.make(
            "tenant",
            "/api/v1/tenants",
            json!({"name": name, "reseller": self.names[reseller], "is_vcard_enabled": true, "client_licences": 5,
                "has_extension_lists": true}),
        )
        .await;
        let tenant: TenantId = id(&self.names, "tenant");
        self.who = self.gateway.token(tenant, "chief", Role::Tenant, Scope::Tenant(tenant)).await;
        let at = format!("/api/v1/tenants/{tenant}");
        self.make("domain", &format!("{at}/domains"), json!({"title": "Web", "hosts": ["www.acme.test"]})).await;
        self.part(&at, ["site", "root", "group", "contact", "publication"], "Berlin").await;
        self.part(&at, ["other_site", "other_root", "other_group", "other_contact", "other_publication"], "Wien").await;
        self.removed(&at).await;
        let page = format!("{at}/publications/{}", self.names["publication"]);
        let shown = self.gateway.ask(&self.who, Method::GET, &page, None).await;
        self.names.insert("key", shown.json["key"].as_str().expect("a key").to_owned());
        self.people(&at, tenant).await;
        self.make("source", &format!("{at}/sources"), source()).await;
        let hook = json!({"kind": "webhook", "url": "https://hooks.example.com/"});
        self.make("alert", &format!("{at}/alerts"), json!({"name": "Desk", "channel": hook})).await;
        self.names.insert("enquiry", self.enquiry(tenant).await);
        let template = json!({"kind": "contact", "name": "Ours", "site": self.names["site"], "is_default": true});
        self.make("template", &format!("{at}/templates"), template).await;
        self.names.insert("kind", "contact".to_owned());
        let run = self.start_run(tenant).await;
        self.names.insert("run", run);
        let contact = format!("{at}/contacts/{}", self.names["contact"]);
        self.names.insert("avatar", self.picture(&contact).await);
        let domain = format!("{at}/domains/{}", self.names["domain"]);
        self.names.insert("domain_avatar", self.picture(&domain).await);
        self.names.insert("field", "company".to_owned());
        self.make("note", &format!("{contact}/notes"), json!({"text": "back at noon"})).await;
        self.put(&format!("{contact}/presence/out_of_office"), Some(json!({}))).await;
        self.make("custom_state", &format!("{at}/custom_states"), json!({"name": "Lunch", "availability": "away"}))
            .await;
        self.names.insert("soon", self.db.clock.now().plus(Duration::from_hours(1)).to_string());
        self.put(&format!("{contact}/presence/manual"), Some(json!({"availability": "busy"}))).await;
    }

    /// Gives what is at `path` a picture, and says its identity.
    async fn picture(&self, path: &str) -> String {
        let answer = send_picture(self.gateway, &self.who, &format!("{path}/avatars")).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.json);
        answer.json["avatar"]["id"].as_str().expect("an identity").to_owned()
    }

    /// A site with a group below its root, a contact in both, and a publication.
    async fn part(&mut self, at: &str, names: [&'static str; 5], city: &str) {
        let [site, root, group, contact, publication] = names;
        self.make(site, &format!("{at}/sites"), json!({"name": city})).await;
        let home = self.names[site].clone();
        let shown = self.gateway.ask(&self.who, Method::GET, &format!("{at}/sites/{home}"), None).await;
        self.names.insert(root, shown.json["root_group"].as_str().expect("an identity").to_owned());
        self.make(group, &format!("{at}/groups"), json!({"name": "Sales", "parent": self.names[root]})).await;
        self.make(
            contact,
            &format!("{at}/contacts"),
            json!({"display_name": city, "home_site": home, "is_vcard_enabled": true}),
        )
        .await;
        self.put(&format!("{at}/groups/{}/members/{}", self.names[group], self.names[contact]), None).await;
        let body = json!({"title": city, "site": home, "domains": [self.names["domain"]]});
        self.make(publication, &format!("{at}/publications"), body).await;
    }

    /// A contact that was where the contact is, until it was removed.
    async fn removed(&mut self, at: &str) {
        let body = json!({"display_name": "Gone", "home_site": self.names["site"]});
        self.make("removed_contact", &format!("{at}/contacts"), body).await;
        let gone = self.names["removed_contact"].clone();
        self.put(&format!("{at}/groups/{}/members/{gone}", self.names["group"]), None).await;
        let path = format!("{at}/contacts/{gone}");
        let answer = self.gateway.ask(&self.who, Method::DELETE, &path, None).await;
        assert_eq!(answer.status, 204, "{path}: {}", answer.json);
    }

    async fn people(&mut self, at: &str, tenant: TenantId) {
        let later = self.db.clock.now().plus(Duration::from_hours(1));
        self.make("user", &format!("{at}/users"), json!({"name": "somebody", "is_client_allowed": true})).await;
        self.profiles(at, tenant).await;
        let user: UserId = id(&self.names, "user");
        let new = NewSession {
            user,
            secret_hash: hash_secret(&format!("session of {user}")),
            csrf_token: "csrf".to_owned(),
            user_agent: "Firefox".to_owned(),
            expires_at: later,
            provider: None,
        };
        let session = self.db.write(tenant, move |tx| sessions::insert(tx, &new)).await.expect("a session");
        self.names.insert("session", session.id.to_string());
        let provider = json!({"name": "Work", "issuer": "https://id.example.com", "client_id": "switchboard"});
        self.make("identity_provider", &format!("{at}/identity_providers"), provider).await;
        let scope = json!({"kind": "group", "id": self.names["group"]});
        let grant = json!({"user": self.names["user"], "role": "agent", "scope": scope});
        self.make("grant", &format!("{at}/grants"), grant).await;
        let scope = json!({"kind": "tenant", "id": tenant});
        let token = json!({"name": "robot", "role": "agent", "scope": scope, "expires_at": later});
        self.make("token", &format!("{at}/tokens"), token).await;
    }

    /// Profiles, and what somebody chose for one: the list of devices that came of it is the group's.
    async fn profiles(&mut self, at: &str, tenant: TenantId) {
        self.make(
            "presence_profile",
            &format!("{at}/presence_profiles"),
            json!({"name": "Visit", "status": "available"}),
        )
        .await;
        self.make("client_profile", &format!("{at}/client_profiles"), json!({"name": "Agents"})).await;
        let user: UserId = id(&self.names, "user");
        let rings = json!({"rings": [{"kind": "device", "name": "Desk", "seconds": 20}]});
        for profile in ["available", &self.names["presence_profile"]] {
            self.put(&format!("{at}/users/{user}/profile_overrides/{profile}"), Some(rings.clone())).await;
        }
        self.db.write(tenant, move |tx| call_settings::follow(tx, user, false)).await.expect("it was due");
        let list = self.db.read(move |conn| extension_lists::of_user(conn, tenant, user)).await.expect("a list");
        self.names.insert("extension_list", list.id.to_string());
        self.put(&format!("{at}/groups/{}/extension_lists/{}", self.names["group"], list.id), None).await;
    }

    /// Something that a visitor left on the page, about the group.
    async fn enquiry(&self, tenant: TenantId) -> String {
        let asker = Asker { name: "Erika".into(), phone: None, mail: None, text: None, wished_at: None };
        let said = Said {
            asker,
            publication_title: "Berlin".into(),
            about_name: None,
            language: Language::En,
            consent: "Yes.".into(),
            client_address: String::new(),
        };
        let new = NewEnquiry {
            form: "a form".into(),
            key: None,
            fingerprint: Vec::new(),
            publication: id(&self.names, "publication"),
            kind: EnquiryKind::Callback,
            about: Some(PublicationEntry::Group(id(&self.names, "group"))),
            said,
            expires_at: self.db.clock.now().plus(Duration::from_hours(24)),
        };
        self.db.write(tenant, move |tx| enquiries::insert(tx, new)).await.expect("the page is there").to_string()
    }

    async fn start_run(&self, tenant: TenantId) -> String {
        let source = id(&self.names, "source");
        match self.db.write(tenant, move |tx| sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole)).await {
            Start::Started(run) => run.id.to_string(),
            _ => panic!("the run starts"),
        }
    }
}

async fn send_picture(gateway: &TestGateway, who: &As, path: &str) -> Answer {
    let file = include_bytes!("../../../directory/picture/fixtures/palette.png").as_slice();
    gateway.send(who, Method::POST, path, &[("content-type", "image/png")], file.into()).await
}

fn reseller(name: &str) -> Value {
    json!({"name": name, "client_licences": 100, "presence_mode": "active"})
}

fn source() -> Value {
    json!({"name": "HR", "connection": {"kind": "file", "path": "people.ldif", "format": "ldif"}})
}

/// The scope that `name` names.
fn node(names: &Names, name: &str) -> Scope {
    match name {
        "platform" => Scope::Platform,
        "partner" | "rival" => Scope::Reseller(id(names, name)),
        "tenant" => Scope::Tenant(id(names, name)),
        "site" | "other_site" => Scope::Site(id(names, name)),
        "group" | "other_group" => Scope::Group(id(names, name)),
        _ => Scope::Publication(id(names, name)),
    }
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(names: &Names, name: &str) -> T {
    names[name].parse().expect("an identity")
}
