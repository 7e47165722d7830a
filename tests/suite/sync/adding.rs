//! Contacts that are added by hand, and those for whom somebody presses the button: asked for through
//! the API, and found in a real directory.

use std::time::Duration;

use ::sync::watch::{self, Grown, SourceConnectors, Watch};
use directory_model::avatar::Avatar;
use directory_model::id::{PublicationId, TenantId};
use directory_model::port::{ClaimSink, Interest};
use directory_model::presence::{Claim, SourceNotes};
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::rights::{Role, Scope};
use directory_model::run::RunAction;
use directory_model::tenant::TenantFields;
use directory_store::avatars;
use directory_store::sync_runs::Which;
use gateway_presence::facts::{ContactFacts, FactChange, PublicationFacts, TenantFacts};
use http::Method;
use serde_json::{Value, json};
use suite::app::{Answer, As, TestGateway};
use suite::ews::{Ews, Person};
use suite::on_each_backend;
use suite::picture::jpeg;
use suite::slapd::{PEOPLE, Slapd};

use super::*;

const NO_PHOTO: &str = "Could not load photo: Not found";

/// A gateway whose runs are carried out.
struct Shop {
    db: TestDatabase,
    engine: Engine,
    gateway: TestGateway,
}

/// What a company is synchronised from, and what is signed in there with.
type Service = (Connection, Secret);

fn directory(slapd: &Slapd) -> Service {
    (Connection::Ldap(slapd.connection()), slapd.secret())
}

/// A tenant of it.
struct Company {
    tenant: TenantId,
    admin: As,
}

impl Shop {
    fn open(db: TestDatabase) -> Self {
        let engine = engine(&db, Arc::new(directory::reader()));
        let handle = Arc::new(engine.clone());
        let gateway = TestGateway::with_sync(&db.database, &db.clock, gateway_api::ApiSettings::default(), handle);
        Self { db, engine, gateway }
    }

    /// A company that wants to have contacts synchronised on adding, or not, from a directory or none.
    async fn company(&self, name: &str, is_auto_sync_on_adding_enabled: bool, from: Option<Service>) -> Company {
        let tenant = self.db.tenant(name).await;
        let admin = self.gateway.token(tenant, "admin", Role::Tenant, Scope::Tenant(tenant)).await;
        let company = Company { tenant, admin };
        let switch = json!({"is_auto_sync_on_adding_enabled": is_auto_sync_on_adding_enabled});
        let at = company.at("");
        let switched =
            self.gateway.ask_with(&company.admin, Method::PATCH, &at, &[("if-match", "\"1\"")], Some(&switch)).await;
        assert_eq!(switched.status, 200, "{}", switched.json);
        if let Some((connection, secret)) = from {
            // Whoever gives calendars is asked for them as well.
            let presence = json!({"reads_calendar": true});
            let is_exchange = matches!(connection, Connection::Exchange(_));
            let presence = is_exchange.then(|| serde_json::from_value(presence).expect("a reading"));
            let source = add_source(&self.db, tenant, SourceFields { presence, ..source_fields(connection) }).await;
            let key = Arc::clone(self.db.database.sealing_key());
            let enter =
                move |tx: &mut directory_store::tx::Tx<'_>| sources::set_secret(tx, &key, source, Some(&secret));
            self.db.write(tenant, enter).await.expect("the source");
        }
        company
    }

    async fn post(&self, company: &Company, path: &str, body: Option<Value>) -> Answer {
        self.gateway.ask(&company.admin, Method::POST, &company.at(path), body.as_ref()).await
    }

    async fn add(&self, company: &Company, body: Value) -> Answer {
        let added = self.post(company, "/contacts", Some(body)).await;
        assert_eq!(added.status, 201, "{}", added.json);
        added
    }

    async fn contact(&self, company: &Company, id: &str) -> Value {
        self.gateway.ask(&company.admin, Method::GET, &company.at(&format!("/contacts/{id}")), None).await.json
    }

    async fn avatars(&self, company: &Company, id: ContactId) -> Vec<Avatar> {
        let tenant = company.tenant;
        self.db.read(move |conn| avatars::list(conn, tenant, id.into())).await.expect("the contact")
    }

    /// What visitors see of a contact whom a page shows.
    async fn card(&self, company: &Company, id: ContactId) -> Value {
        let tenant = company.tenant;
        let faces = self.db.read(move |conn| avatars::faces(conn, tenant, id)).await;
        let contact = self.db.read(move |conn| contacts::find(conn, tenant, id)).await.expect("the contact");
        let fields = PublicationFields { title: "Page".into(), ..PublicationFields::default() };
        let (key, entries) = (id.to_string(), vec![PublicationEntry::Contact(id)]);
        let page = PublicationFacts {
            id: PublicationId::NIL,
            key: key.clone(),
            fields,
            entries,
            templates: std::collections::BTreeMap::new(),
        };
        let shown = vec![
            FactChange::Tenant(TenantFacts::new(&TenantFields::default())),
            FactChange::Contact(ContactFacts::new(id, &contact.fields, faces)),
            FactChange::Publication(Box::new(page)),
        ];
        self.gateway.book.apply(tenant, shown);
        let snapshot = format!("/api/v1/visitor/publications/{key}/snapshot");
        self.gateway.ask(&As::default(), Method::GET, &snapshot, None).await.json["cards"][0].clone()
    }

    /// Presses the button of a contact.
    async fn press(&self, company: &Company, id: &str) -> Answer {
        let answer = self.post(company, &format!("/contacts/{id}/synchronize"), None).await;
        assert_eq!(answer.status, 202, "{}", answer.json);
        answer
    }

    /// Watches the presence of everybody, as the gateway does beside its runs.
    fn watch(&self) -> Watch {
        let clock: Arc<dyn Clock> = Arc::new(self.db.clock.clone());
        let grown = Arc::<Grown>::default();
        let _ = self.db.database.clone().with_sink(Arc::clone(&grown) as _);
        let watch = Watch::new(watch::Parts {
            database: self.db.database.clone(),
            clock: Arc::clone(&clock),
            sink: Arc::new(Deaf),
            interest: Arc::new(Deaf),
            connectors: Arc::new(SourceConnectors::new(directory::policy(), clock)),
            grown,
        });
        let watching = watch.clone();
        tokio::spawn(async move { watching.run().await });
        watch
    }

    /// Waits until something is so, which other tasks bring about.
    async fn until(&self, is_so: impl Fn() -> bool, said: &str) {
        let waiting = async {
            while !is_so() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), waiting).await.expect(said);
    }

    /// What a run did.
    async fn lines(&self, company: &Company, run: RunId) -> Vec<RunEntry> {
        let (tenant, page) = (company.tenant, PageRequest::default());
        self.db.read(move |conn| sync_runs::entries(conn, tenant, run, &page)).await.expect("the run").items
    }

    /// Every run of the company once nothing waits or goes on, latest first.
    async fn settled(&self, company: &Company) -> Vec<Run> {
        let tenant = company.tenant;
        self.engine.start_waiting(Some(tenant)).await;
        loop {
            let list = move |conn: &mut directory_store::connection::Connection| {
                sync_runs::list(conn, tenant, Which::All, &PageRequest::default())
            };
            let runs = self.db.read(list).await.items;
            let Some(open) = runs.iter().find(|run| run.ended_at.is_none()) else { return runs };
            // It is recorded before it goes on.
            tokio::task::yield_now().await;
            self.engine.ended(open.id).await;
        }
    }
}

impl Company {
    fn at(&self, path: &str) -> String {
        format!("/api/v1/tenants/{}{path}", self.tenant)
    }
}

/// Whether a request asks when somebody is busy.
fn asks_for_calendar(body: &str, mail: &str) -> bool {
    body.contains("GetUserAvailability") && body.contains(mail)
}

/// Looks at nobody, and has nobody say anything.
struct Deaf;

impl ClaimSink for Deaf {
    fn offer(&self, _: TenantId, _: Claim) {}

    fn note(&self, _: TenantId, _: SourceNotes) {}
}

impl Interest for Deaf {
    fn watched(&self, _: TenantId) -> Vec<ContactId> {
        Vec::new()
    }
}

fn by_hand(sip: &str) -> Value {
    json!({"display_name": "By hand", "sip": sip})
}

on_each_backend! {
    async fn a_contact_that_is_added_is_synchronised_where_that_is_wanted_and_possible(db: TestDatabase) {
        let (slapd, shop) = (Slapd::with_people(3), Shop::open(db));
        for case in 0..8 {
            let (is_wanted, has_source, is_known) = (case & 1 > 0, case & 2 > 0, case & 4 > 0);
            let company = shop.company(&format!("Acme {case}"), is_wanted, has_source.then(|| directory(&slapd))).await;
            let sip = if is_known { "sip:anna.adams0@example.com" } else { "sip:nobody@example.com" };

            let added = shop.add(&company, by_hand(sip)).await;
            let runs = shop.settled(&company).await;

            let said = format!("wanted {is_wanted}, source {has_source}, known {is_known}");
            assert_eq!((&added.json["revision"], &added.json["company"]), (&json!(1), &Value::Null), "{said}");
            assert_eq!(runs.len(), usize::from(is_wanted && has_source), "{said}");
            let id: ContactId = added.id();
            for run in &runs {
                assert_eq!((run.state, run.trigger), (RunState::Succeeded, Trigger::ContactAdded), "{said}");
                assert_eq!(run.contacts.as_deref(), Some(&[id][..]), "{said}");
                let counts = (run.counts.linked, run.counts.not_found, run.counts.created);
                assert_eq!(counts, if is_known { (1, 0, 0) } else { (0, 1, 0) }, "{said}");
            }
            let is_synced = is_wanted && has_source && is_known;
            let after = shop.contact(&company, &added.id::<String>()).await;
            let expected = if is_synced { json!("Example") } else { Value::Null };
            assert_eq!((&after["company"], &after["sip"]), (&expected, &json!(sip)), "{said}");
        }
    }

    async fn exchange_gives_who_is_added_a_photo_and_initials_stand_for_the_others(db: TestDatabase) {
        let people = vec![Person::anna().pictured(jpeg([0, 200, 0])), Person::new("carl@example.com", "Carl")];
        let (ews, shop) = (Ews::start(people).await, Shop::open(db));
        for (is_wanted, who, linked, photos, initials) in [
            (true, "anna.berg@example.com", 1, 1, "BR"),
            (true, "carl@example.com", 1, 0, "C"),
            (true, "nobody@example.com", 0, 0, "BH"),
            (false, "anna.berg@example.com", 0, 0, "BH"),
        ] {
            let exchange = (Connection::Exchange(ews.connection()), ews.secret());
            let company = shop.company(&format!("Acme {is_wanted} {who}"), is_wanted, Some(exchange)).await;

            let added = shop.add(&company, json!({"display_name": "By hand", "mail": who})).await;
            let runs = shop.settled(&company).await;

            let said = format!("wanted {is_wanted}, {who}");
            assert_eq!(runs.len(), usize::from(is_wanted), "{said}");
            for run in &runs {
                assert_eq!((run.state, run.trigger), (RunState::Succeeded, Trigger::ContactAdded), "{said}: {run:?}");
                assert_eq!((run.counts.linked, run.counts.not_found), (linked, 1 - linked), "{said}");
            }
            let given = shop.avatars(&company, added.id()).await;
            assert_eq!(given.iter().map(|avatar| avatar.is_synced).collect::<Vec<_>>(), vec![true; photos], "{said}");
            let card = shop.card(&company, added.id()).await;
            assert_eq!((&card["initials"], card["picture"].is_string()), (&json!(initials), photos > 0), "{said}: {card}");
        }
    }

    async fn an_added_contact_meets_exchange_in_eight_ways(db: TestDatabase) {
        let people = vec![Person::anna().pictured(jpeg([0, 200, 0]))];
        let (ews, shop) = (Ews::start(people).await, Shop::open(db));
        let watch = shop.watch();
        for case in 0..8 {
            let (is_wanted, has_exchange, is_known) = (case & 1 > 0, case & 2 > 0, case & 4 > 0);
            let said = format!("wanted {is_wanted}, Exchange {has_exchange}, known {is_known}");
            let exchange = (Connection::Exchange(ews.connection()), ews.secret());
            let company = shop.company(&format!("Acme {case}"), is_wanted, has_exchange.then_some(exchange)).await;
            let mail = if is_known { "anna.berg@example.com".to_owned() } else { format!("nobody{case}@example.com") };
            let calendars = || ews.seen().iter().filter(|seen| asks_for_calendar(&seen.body, &mail)).count();
            let before = calendars();

            let added = shop.add(&company, json!({"display_name": "By hand", "mail": mail})).await;
            let runs = shop.settled(&company).await;

            // Whether a run about it alone was queued, and its line.
            assert_eq!(runs.len(), usize::from(is_wanted && has_exchange), "{said}");
            for run in &runs {
                assert_eq!((run.state, run.trigger, &run.problem), (RunState::Succeeded, Trigger::ContactAdded, &None), "{said}");
                assert_eq!(run.contacts.as_deref(), Some(&[added.id()][..]), "{said}");
                let lines = shop.lines(&company, run.id).await;
                let actions: Vec<RunAction> = lines.iter().map(|line| line.action).collect();
                let expected = if is_known { vec![RunAction::Link, RunAction::SetPhoto] } else { vec![RunAction::NotFound] };
                assert_eq!(actions, expected, "{said}");
                assert!(lines.iter().all(|line| line.contact == Some(added.id()) && line.reason.is_none()), "{said}");
            }
            // The avatar, or the initials that stand for it.
            let is_pictured = is_wanted && has_exchange && is_known;
            let avatars = shop.avatars(&company, added.id()).await;
            assert_eq!(avatars.iter().filter(|avatar| avatar.is_synced).count(), usize::from(is_pictured), "{said}");
            let card = shop.card(&company, added.id()).await;
            assert_eq!(card["picture"].is_string(), is_pictured, "{said}");
            assert_eq!(card["initials"], if is_pictured { "BR" } else { "BH" }, "{said}");
            // Presence is subscribed to at once, whether anything is synchronised or not: no time passes here.
            if has_exchange {
                shop.until(|| calendars() > before, &said).await;
            }
            assert_eq!(calendars() > before, has_exchange, "{said}");
        }
        watch.stop().await;
    }

    async fn the_button_synchronises_one_contact_and_says_when_there_can_be_no_photo(db: TestDatabase) {
        let (slapd, shop) = (Slapd::with_people(3), Shop::open(db));
        for case in 0..4 {
            let (has_source, is_known) = (case & 1 > 0, case & 2 > 0);
            let company = shop.company(&format!("Acme {case}"), false, has_source.then(|| directory(&slapd))).await;
            let sip = if is_known { "sip:anna.adams0@example.com" } else { "sip:nobody@example.com" };
            let id: String = shop.add(&company, by_hand(sip)).await.id();

            let pressed = shop.press(&company, &id).await;
            let runs = shop.settled(&company).await;

            let said = format!("source {has_source}, known {is_known}");
            let message = if has_source { Value::Null } else { json!(NO_PHOTO) };
            assert_eq!(pressed.json["message"], message, "{said}");
            let started: Vec<&str> =
                pressed.json["runs"].as_array().expect("runs").iter().filter_map(|asked| asked["run"].as_str()).collect();
            let ids: Vec<String> = runs.iter().map(|run| run.id.to_string()).collect();
            assert_eq!((started, runs.len()), (ids.iter().map(String::as_str).collect(), usize::from(has_source)), "{said}");
            for run in runs {
                assert_eq!((run.state, run.trigger), (RunState::Succeeded, Trigger::Manual), "{said}");
            }
            let after = shop.contact(&company, &id).await;
            let is_synced = has_source && is_known;
            assert_eq!(after["revision"], json!(if is_synced { 2 } else { 1 }), "{said}");
        }
    }

    async fn only_directories_and_ldif_files_give_photos(db: TestDatabase) {
        let shop = Shop::open(db);
        let company = shop.company("Acme", false, None).await;
        let id: String = shop.add(&company, by_hand("sip:anna@example.com")).await.id();

        for (format, name, message) in [("csv", "CSV", json!(NO_PHOTO)), ("ldif", "LDIF", Value::Null)] {
            let connection = json!({"kind": "file", "path": format!("people.{format}"), "format": format});
            let made = shop.post(&company, "/sources", Some(json!({"name": name, "connection": connection}))).await;
            assert_eq!(made.status, 201, "{}", made.json);
            assert_eq!(shop.press(&company, &id).await.json["message"], message, "{name}");
        }
        // No folder for files is configured: it is said in the run, and changes nobody.
        let runs = shop.settled(&company).await;
        assert!(runs.iter().all(|run| matches!(run.problem, Some(RunProblem::FileRefused { .. }))), "{runs:?}");
        assert_eq!(shop.contact(&company, &id).await["revision"], 1);
    }

    async fn an_address_that_looks_like_a_filter_finds_nobody_else(db: TestDatabase) {
        let (slapd, shop) = (Slapd::with_people(5), Shop::open(db));
        let company = shop.company("Acme", false, Some(directory(&slapd))).await;
        for address in [
            "*@example.com",
            "anna*@example.com",
            "x)(mail=*@example.com",
            "*)(objectClass=*))(|(uid=*@example.com",
            "(anna.adams0)@example.com",
            "anna.adams0@example.com)(",
            "|(uid=u000000)@example.com",
            "äöü😀@example.com",
        ] {
            let added = shop.add(&company, json!({"display_name": "By hand", "sip": format!("sip:{address}"), "mail": address})).await;
            shop.press(&company, &added.id::<String>()).await;
            let runs = shop.settled(&company).await;

            assert_eq!((runs[0].state, runs[0].counts.read, runs[0].counts.not_found), (RunState::Succeeded, 0, 1), "{address}");
            assert_eq!(shop.contact(&company, &added.id::<String>()).await["revision"], 1, "{address}");
        }
        // Accents do not keep those apart who have the same address for everybody else.
        let added = shop.add(&company, by_hand("sip:Änna.Adams0@Example.com")).await;
        shop.press(&company, &added.id::<String>()).await;
        assert_eq!(shop.settled(&company).await[0].counts.linked, 1);
    }

    async fn a_linked_contact_is_found_by_its_entry_whatever_became_of_its_addresses(db: TestDatabase) {
        let (slapd, shop) = (Slapd::with_people(3), Shop::open(db));
        let company = shop.company("Acme", true, Some(directory(&slapd))).await;
        let id: String = shop.add(&company, by_hand("sip:anna.adams0@example.com")).await.id();
        assert_eq!(shop.settled(&company).await[0].counts.linked, 1);
        let anna = format!("uid=u000000,{PEOPLE}");
        slapd.set(&anna, "msRTCSIP-PrimaryUserAddress", "sip:married@example.com").await;
        slapd.set(&anna, "mail", "married@example.com").await;

        shop.press(&company, &id).await;

        assert_eq!(shop.settled(&company).await[0].counts.updated, 1);
        assert_eq!(shop.contact(&company, &id).await["mail"], "married@example.com");
        slapd.remove(&anna).await;
        let before = shop.contact(&company, &id).await;
        shop.press(&company, &id).await;
        let run = shop.settled(&company).await.remove(0);
        assert_eq!((run.state, run.counts.not_found, run.counts.disabled), (RunState::Succeeded, 1, 0));
        assert_eq!(shop.contact(&company, &id).await, before);
    }

    async fn a_hundred_contacts_are_one_run_and_one_more_is_too_many(db: TestDatabase) {
        let (slapd, shop) = (Slapd::with_people(120), Shop::open(db));
        let company = shop.company("Acme", false, Some(directory(&slapd))).await;
        let whole = shop.company("Whole", false, Some(directory(&slapd))).await;
        let source = shop.gateway.ask(&whole.admin, Method::GET, &whole.at("/sources"), None).await;
        let source = source.json["items"][0]["id"].as_str().expect("an identity").to_owned();
        assert_eq!(shop.post(&whole, &format!("/sources/{source}/runs"), None).await.status, 201);
        assert_eq!(shop.settled(&whole).await[0].counts.created, 120);
        let people = shop.gateway.ask(&whole.admin, Method::GET, &whole.at("/contacts?limit=101"), None).await;
        let mut ids = Vec::new();
        for person in people.json["items"].as_array().expect("items") {
            let by_hand = json!({"display_name": "By hand", "mail": person["mail"]});
            ids.push(shop.add(&company, by_hand).await.id::<String>());
        }

        let refused = shop.post(&company, "/contacts/synchronize", Some(json!({"contacts": ids}))).await;
        assert_eq!(refused.problem(), "422 invalid_value contacts:too_long");
        let mut unknown = ids[..2].to_vec();
        unknown.push("7ZZZZZZZZZZZZZZZZZZZZZZZZZ".to_owned());
        let refused = shop.post(&company, "/contacts/synchronize", Some(json!({"contacts": unknown}))).await;
        assert_eq!(refused.problem(), "422 invalid_value contacts[2]:unknown");
        assert_eq!(shop.settled(&company).await.len(), 0, "all or none");

        let asked = shop.post(&company, "/contacts/synchronize", Some(json!({"contacts": ids[..100]}))).await;
        assert_eq!((asked.status.as_u16(), asked.json["runs"].as_array().map(Vec::len)), (202, Some(1)));
        let runs = shop.settled(&company).await;
        assert_eq!((runs.len(), runs[0].state, runs[0].counts.linked), (1, RunState::Succeeded, 100));
    }

    async fn the_same_press_sent_twice_is_answered_once(db: TestDatabase) {
        let (slapd, shop) = (Slapd::with_people(1), Shop::open(db));
        let company = shop.company("Acme", false, Some(directory(&slapd))).await;
        let id: String = shop.add(&company, by_hand("sip:anna.adams0@example.com")).await.id();
        let headers = [("idempotency-key", "a")];
        let (one, many) = (company.at(&format!("/contacts/{id}/synchronize")), company.at("/contacts/synchronize"));
        let body = json!({"contacts": [id]});

        let first = shop.gateway.ask_with(&company.admin, Method::POST, &one, &headers, None).await;
        shop.settled(&company).await;
        let again = shop.gateway.ask_with(&company.admin, Method::POST, &one, &headers, None).await;
        assert_eq!((first.status.as_u16(), &first.bytes), (202, &again.bytes));
        let other = shop.gateway.ask_with(&company.admin, Method::POST, &many, &headers, Some(&body)).await;
        assert_eq!(other.problem(), "422 invalid_value Idempotency-Key:format");
        assert_eq!(shop.settled(&company).await.len(), 1);

        let headers = [("idempotency-key", "b")];
        let first = shop.gateway.ask_with(&company.admin, Method::POST, &many, &headers, Some(&body)).await;
        shop.settled(&company).await;
        let again = shop.gateway.ask_with(&company.admin, Method::POST, &many, &headers, Some(&body)).await;
        assert_eq!((first.status.as_u16(), &first.bytes), (202, &again.bytes));
        assert_eq!(shop.settled(&company).await.len(), 2);
    }
}
