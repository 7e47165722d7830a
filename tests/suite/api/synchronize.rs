//! Who may synchronise contacts, and what of the runs they may see.

use directory_model::id::{ContactId, SiteId};
use directory_model::rights::{Role, Scope};
use directory_model::run::{RunAction, RunEntry, RunState, Trigger};
use directory_store::contacts::synced::{Batch, write_batch};
use directory_store::sync_requests::{self, Request};
use directory_store::sync_runs;
use http::Method;
use serde_json::{Value, json};
use suite::app::{Answer, As};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::Office;

pub(super) const NOBODY: &str = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";

/// A company with two sites, each with a contact and somebody who keeps its contacts, and a run that
/// is about both contacts.
pub(super) struct Company {
    pub(super) office: Office,
    pub(super) contacts: Vec<String>,
    pub(super) keepers: Vec<As>,
    pub(super) run: String,
}

impl Company {
    pub(super) async fn open(db: TestDatabase) -> Self {
        let office = Office::open(db).await;
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        office.make("/sources", json!({"name": "HR", "connection": file})).await;
        let (mut contacts, mut keepers) = (Vec::new(), Vec::new());
        for city in ["Berlin", "Wien"] {
            let site = office.make("/sites", json!({"name": city})).await;
            contacts.push(office.make("/contacts", json!({"display_name": city, "home_site": site})).await);
            let site: SiteId = site.parse().expect("an identity");
            keepers.push(office.gateway.token(office.tenant, city, Role::Contact, Scope::Site(site)).await);
        }
        let run = record(&office, &contacts).await;
        Self { office, contacts, keepers, run }
    }

    pub(super) async fn ask(&self, who: &As, method: Method, path: &str) -> Answer {
        self.office.gateway.ask(who, method, &self.office.at(path), None).await
    }
}

/// A run about `contacts`, with a line about each and one about nobody.
async fn record(office: &Office, contacts: &[String]) -> String {
    let wanted: Vec<ContactId> = contacts.iter().map(|id| id.parse().expect("an identity")).collect();
    let started = office.db.write(office.tenant, move |tx| {
        let request = sync_requests::request(tx, &wanted, Trigger::Manual)?;
        let Request::Taken { mut started, .. } = request else { panic!("it is switched on") };
        let run = started.remove(0);
        let line = |(number, contact): (usize, Option<ContactId>)| RunEntry {
            number: i64::try_from(number).expect("few") + 1,
            action: RunAction::NotFound,
            locator: format!("cn={number}"),
            contact,
            changes: Vec::new(),
            reason: None,
        };
        let about = wanted.iter().copied().map(Some).chain([None]);
        let entries = about.enumerate().map(line).collect();
        write_batch(tx, &run, Batch { entries, ..Batch::default() })?;
        Ok(run.id)
    });
    started.await.to_string()
}

pub(super) fn items(answer: &Answer) -> Vec<Value> {
    answer.json["items"].as_array().unwrap_or_else(|| panic!("a list was expected: {}", answer.json)).clone()
}

on_each_backend! {
    async fn contacts_are_synchronised_by_those_who_keep_them(db: TestDatabase) {
        let company = Company::open(db).await;
        *company.office.gateway.sync.run.lock().expect("a lock") = Some(company.run.parse().expect("an identity"));
        let [own, other] = [&company.contacts[0], &company.contacts[1]];
        let keeper = &company.keepers[0];
        let several = company.office.at("/contacts/synchronize");
        let ask = async |contacts: Value| {
            company.office.gateway.ask(keeper, Method::POST, &several, Some(&json!({"contacts": contacts}))).await
        };

        let one = company.ask(keeper, Method::POST, &format!("/contacts/{own}/synchronize")).await;
        assert_eq!((one.status.as_u16(), &one.json["runs"]), (202, &json!([])));
        assert_eq!(one.json["message"], "Could not load photo: Not found");
        assert_eq!(ask(json!([own])).await.status, 202);

        for id in [other.as_str(), NOBODY, "x"] {
            let refused = company.ask(keeper, Method::POST, &format!("/contacts/{id}/synchronize")).await;
            assert_eq!(refused.problem(), "404 not_found", "{id}");
        }
        for (contacts, problem) in [
            (json!([own, other]), "422 invalid_value contacts[1]:unknown"),
            (json!([NOBODY, own]), "422 invalid_value contacts[0]:unknown"),
            (json!([own, own]), "422 invalid_value contacts[1]:duplicate"),
            (json!([]), "422 invalid_value contacts:required"),
            (json!(null), "422 invalid_value contacts:format"),
        ] {
            assert_eq!(ask(contacts.clone()).await.problem(), problem, "{contacts}");
        }
        let asked = company.office.gateway.sync.asked.lock().expect("a lock").clone();
        assert_eq!(asked, [format!("synchronize {own}"), format!("synchronize {own}")]);
    }

    async fn who_sees_but_does_not_keep_a_contact_does_not_synchronise_it(db: TestDatabase) {
        let company = Company::open(db).await;
        let scope = Scope::Tenant(company.office.tenant);
        let agent = company.office.gateway.token(company.office.tenant, "agent", Role::Agent, scope).await;

        let one = company.ask(&agent, Method::POST, &format!("/contacts/{}/synchronize", company.contacts[0])).await;
        let several = company.ask(&agent, Method::POST, "/contacts/synchronize").await;

        assert_eq!((one.problem().as_str(), several.problem().as_str()), ("403 forbidden", "403 forbidden"));
    }

    async fn a_tenant_that_switched_it_off_is_told_so(db: TestDatabase) {
        let company = Company::open(db).await;

        let refused =
            company.ask(&company.office.admin, Method::POST, &format!("/contacts/{}/synchronize", company.contacts[0])).await;

        assert_eq!(refused.problem(), "409 not_possible_now");
        assert_eq!(refused.json["detail"], "Synchronization is switched off for this source or tenant.");
    }

    async fn of_a_run_about_several_parts_everybody_sees_their_own(db: TestDatabase) {
        let company = Company::open(db).await;
        let at = format!("/runs/{}", company.run);
        let whole = company.ask(&company.office.admin, Method::GET, &at).await;
        assert_eq!(whole.json["contacts"], json!(company.contacts));
        let lines = company.ask(&company.office.admin, Method::GET, &format!("{at}/entries")).await;
        assert_eq!(items(&lines).len(), 3);

        for (keeper, own) in company.keepers.iter().zip(&company.contacts) {
            let run = company.ask(keeper, Method::GET, &at).await;
            let lines = items(&company.ask(keeper, Method::GET, &format!("{at}/entries")).await);
            let listed = items(&company.ask(keeper, Method::GET, "/runs").await);

            assert_eq!((&run.json["contacts"], &run.json["state"]), (&json!([own]), &json!("running")));
            assert_eq!(lines.iter().map(|line| &line["contact"]).collect::<Vec<_>>(), [&json!(own)]);
            assert_eq!(listed.iter().map(|run| &run["contacts"]).collect::<Vec<_>>(), [&json!([own])]);
            let cancelled = company.ask(keeper, Method::POST, &format!("{at}/cancel")).await;
            assert_eq!(cancelled.problem(), "403 forbidden", "it is about somebody else's contact as well");
        }
        assert_eq!(company.office.gateway.sync.asked.lock().expect("a lock").len(), 0);
    }

    async fn a_run_about_ones_own_contacts_alone_may_be_cancelled(db: TestDatabase) {
        let company = Company::open(db).await;
        let run = company.run.parse().expect("an identity");
        let tenant = company.office.tenant;
        company.office.db.write(tenant, move |tx| {
            let open = sync_runs::open(tx.conn, tenant, run)?.expect("the run");
            sync_runs::finish(tx, &open, RunState::Succeeded, &open.counts, None)
        }).await;
        let own = record(&company.office, &company.contacts[..1]).await;
        *company.office.gateway.sync.run.lock().expect("a lock") = Some(own.parse().expect("an identity"));

        let [keeper, stranger] = [&company.keepers[0], &company.keepers[1]];
        let hidden = company.ask(stranger, Method::POST, &format!("/runs/{own}/cancel")).await;
        let cancelled = company.ask(keeper, Method::POST, &format!("/runs/{own}/cancel")).await;

        assert_eq!((hidden.problem().as_str(), cancelled.status.as_u16()), ("404 not_found", 204));
        assert_eq!(*company.office.gateway.sync.asked.lock().expect("a lock"), [format!("cancel {own}")]);
    }

    async fn a_run_that_may_not_be_seen_is_answered_like_a_missing_one(db: TestDatabase) {
        let company = Company::open(db).await;
        let office = &company.office;
        let site = office.make("/sites", json!({"name": "Graz"})).await.parse().expect("an identity");
        let sibling = office.gateway.token(office.tenant, "graz", Role::Site, Scope::Site(site)).await;
        let abroad = office.db.tenant("Abroad").await;
        let stranger = office.gateway.token(abroad, "stranger", Role::Tenant, Scope::Tenant(abroad)).await;

        for (who, tenant) in [(&sibling, office.tenant), (&stranger, office.tenant), (&stranger, abroad)] {
            let (get, post) = (Method::GET, Method::POST);
            for (method, tail) in [(&get, ""), (&get, "/entries"), (&post, "/cancel"), (&post, "/approve")] {
                let ask = async |run: &str| {
                    let path = format!("/api/v1/tenants/{tenant}/runs/{run}{tail}");
                    let mut answer = office.gateway.ask(who, method.clone(), &path, None).await;
                    answer.json["instance"] = Value::Null;
                    answer.headers.remove("x-request-id");
                    (answer.status, answer.headers, answer.json)
                };
                let (hidden, missing) = (ask(&company.run).await, ask(NOBODY).await);
                assert_eq!(hidden, missing, "{tail}");
                assert_eq!(hidden.0, 404, "{tail}");
            }
        }
        assert_eq!(items(&company.ask(&sibling, Method::GET, "/runs").await), Vec::<Value>::new());
    }
}
