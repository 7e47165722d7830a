//! The report of a run, and its entries by what is done.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use directory_model::change::ObjectKind;
use directory_model::contact::SyncedField;
use directory_model::id::SourceId;
use directory_model::invalid::{Invalid, Rule};
use directory_model::run::{Counts, FieldChange, PlanStep, RunAction, RunEntry, RunExtent, RunProblem, Trigger};
use directory_store::contacts::synced::{Batch, write_batch};
use directory_store::plan_spool;
use directory_store::sync_runs::{self, OpenRun, Start};
use gateway_api::Peer;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use suite::app::Answer;
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::Office;
use super::synchronize::{Company, items};

/// How many entries a file of some pages has.
const SOME: i64 = 1203;

impl Office {
    /// A run of a new source over all of it, as it starts.
    async fn start_run(&self) -> OpenRun {
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let source = self.make("/sources", json!({"name": "HR", "connection": file})).await;
        let source: SourceId = source.parse().expect("an identity");
        let start =
            move |tx: &mut directory_store::tx::Tx<'_>| sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole);
        match self.db.write(self.tenant, start).await {
            Start::Started(run) => *run,
            other => panic!("the run starts: {other:?}"),
        }
    }

    /// Lets the run have done something to as many entries.
    async fn record(&self, run: &OpenRun, count: i64) {
        for from in (1..=count).step_by(10_000) {
            let (run, until) = (run.clone(), count.min(from + 9_999));
            let write = move |tx: &mut directory_store::tx::Tx<'_>| {
                let entries = (from..=until).map(entry).collect();
                tx.changed(ObjectKind::Run, run.id);
                write_batch(tx, &run, Batch { entries, ..Batch::default() })
            };
            self.db.write(self.tenant, write).await;
        }
    }

    /// The answer, of whose body nothing is taken yet.
    async fn begin(&self, path: &str) -> Response<Body> {
        let token = self.admin.token.as_ref().expect("a token");
        let request = Request::get(self.at(path))
            .header("authorization", format!("Bearer {token}"))
            .extension(Peer(SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000))))
            .body(Body::empty())
            .expect("a request");
        self.gateway.app.answer(request).await
    }

    async fn report(&self, run: &OpenRun, format: &str) -> Answer {
        self.ask(Method::GET, &format!("/runs/{}/report?format={format}", run.id), None).await
    }
}

/// Every tenth is set aside, and every hundredth makes a contact of one that says `=1+1`.
fn entry(number: i64) -> RunEntry {
    let (action, reason) = match number % 100 {
        0 => (RunAction::Create, None),
        rest if rest % 10 == 0 => (RunAction::SetAside, Some(Invalid::new("mail", "a@b", Rule::Duplicate))),
        _ => (RunAction::Update, None),
    };
    let change =
        |field, new: &str| FieldChange { field, old: Some("before, \"as it was\"".into()), new: Some(new.into()) };
    let changes = match action {
        RunAction::Update => vec![change(SyncedField::JobTitle, "=1+1"), change(SyncedField::Office, "Köln")],
        _ => Vec::new(),
    };
    RunEntry { number, action, locator: format!("cn=Müller {number},dc=example"), contact: None, changes, reason }
}

fn rows(answer: &Answer) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(&*answer.bytes).records().collect::<Result<_, _>>().expect("lines of RFC 4180")
}

on_each_backend! {
    async fn a_report_holds_the_run_and_every_entry(db: TestDatabase) {
        let office = Office::open(db).await;
        let run = office.start_run().await;
        office.record(&run, SOME).await;

        let (as_json, as_csv) = (office.report(&run, "json").await, office.report(&run, "csv").await);

        let shown = office.ask(Method::GET, &format!("/runs/{}", run.id), None).await;
        assert_eq!(as_json.json["run"], shown.json);
        let entries = as_json.json["entries"].as_array().expect("entries");
        let numbers: Vec<i64> = entries.iter().filter_map(|entry| entry["number"].as_i64()).collect();
        assert_eq!(numbers, (1..=SOME).collect::<Vec<_>>());
        assert_eq!(as_json.header("content-disposition"), format!("attachment; filename=\"run-{}.json\"", run.id));
        assert_eq!(as_csv.header("content-type"), "text/csv; charset=utf-8; header=present");
        let rows = rows(&as_csv);
        assert_eq!(rows.len(), entries.iter().map(|entry| entry["changes"].as_array().map_or(1, |all| all.len().max(1))).sum::<usize>());
        let changed: Vec<&str> = rows[0].iter().collect();
        let before = "before, \"as it was\"";
        assert_eq!(changed, ["1", "update", "cn=Müller 1,dc=example", "", "job_title", before, "'=1+1", "", "", ""]);
        let aside = rows.iter().find(|row| &row[0] == "10").expect("the tenth");
        assert_eq!(aside.iter().collect::<Vec<_>>()[7..], ["mail", "a@b", "must appear only once"]);
    }

    async fn so_many_reports_are_given_at_once(db: TestDatabase) {
        let office = Office::open(db).await;
        let run = office.start_run().await;
        office.record(&run, SOME).await;
        let path = format!("/runs/{}/report", run.id);
        let mut begun = Vec::new();
        for _ in 0..32 {
            begun.push(office.begin(&path).await);
        }
        assert!(begun.iter().all(|response| response.status() == StatusCode::OK));

        assert_eq!(office.report(&run, "csv").await.problem(), "429 too_many_requests");
        let whole = begun.pop().expect("one of them").into_body().collect().await.expect("to its end");
        assert!(whole.to_bytes().ends_with(b"]}"));

        assert_eq!(office.report(&run, "csv").await.status, StatusCode::OK);
    }

    async fn a_report_of_nothing_is_whole_as_well(db: TestDatabase) {
        let office = Office::open(db).await;
        let run = office.start_run().await;

        assert_eq!(office.report(&run, "json").await.json["entries"], json!([]));
        let csv = office.report(&run, "csv").await;
        assert_eq!(&*csv.bytes, b"number,action,locator,contact,field,old,new,refused_field,refused_value,refused_rule\r\n");
        let strange = office.report(&run, "pdf").await;
        assert_eq!(strange.problem(), "400 malformed_request");
    }

    async fn a_report_shows_no_contacts_that_are_not_ones_own(db: TestDatabase) {
        let company = Company::open(db).await;

        let path = format!("/runs/{}/report", company.run);
        let report = company.ask(&company.keepers[0], Method::GET, &path).await;

        assert_eq!(report.json["run"]["contacts"], json!([company.contacts[0]]));
        let entries = report.json["entries"].as_array().expect("entries").clone();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0]["contact"], json!(company.contacts[0]));
    }

    async fn entries_are_found_by_what_is_done(db: TestDatabase) {
        let office = Office::open(db).await;
        let run = office.start_run().await;
        office.record(&run, 230).await;
        let listed = async |query: &str| {
            let path = format!("/runs/{}/entries?{query}", run.id);
            let answer = office.ask(Method::GET, &path, None).await;
            let numbers = items(&answer).iter().map(|entry| entry["number"].as_i64().expect("a number")).collect::<Vec<_>>();
            (numbers, answer.json["next"].as_str().map(str::to_owned))
        };

        assert_eq!(listed("action=create").await, (vec![100, 200], None));
        let (first, next) = listed("action=set_aside&limit=5").await;
        assert_eq!(first, [10, 20, 30, 40, 50]);
        let (second, _) = listed(&format!("action=set_aside&limit=5&after={}", next.expect("more"))).await;
        assert_eq!(second, [60, 70, 80, 90, 110]);
        assert_eq!(listed("action=disable").await, (vec![], None));
        let strange = office.ask(Method::GET, &format!("/runs/{}/entries?action=eat", run.id), None).await;
        assert_eq!(strange.problem(), "400 malformed_request");
    }

    async fn a_plan_that_waits_is_reported_and_found_alike(db: TestDatabase) {
        let office = Office::open(db).await;
        let run = office.start_run().await;
        let waiting = run.clone();
        office.db.write(office.tenant, move |tx| {
            let step = |number: i64| {
                let RunEntry { action, locator, changes, reason, .. } = entry(number);
                (number, PlanStep { changes, reason, ..PlanStep::new(action, locator) })
            };
            let steps: Vec<_> = (1..=120).map(step).collect();
            plan_spool::append(tx.conn, &waiting, &steps)?;
            sync_runs::wait(tx, &waiting, &Counts::default(), &RunProblem::Empty)
        }).await;

        let report = office.report(&run, "json").await;
        let aside = office.ask(Method::GET, &format!("/runs/{}/entries?action=set_aside", run.id), None).await;

        assert_eq!(report.json["run"]["state"], "awaiting_approval");
        assert_eq!(report.json["entries"].as_array().map(Vec::len), Some(120));
        let numbers: Vec<Value> = items(&aside).iter().map(|entry| entry["number"].clone()).collect();
        assert_eq!(json!(numbers), json!([10, 20, 30, 40, 50, 60, 70, 80, 90, 110, 120]));
    }
}

#[tokio::test]
async fn a_report_of_a_hundred_thousand_entries_is_written_page_by_page() {
    let office = Office::open(TestDatabase::sqlite().await).await;
    let run = office.start_run().await;
    office.record(&run, 100_000).await;
    for format in ["json", "csv"] {
        let mut body = office.begin(&format!("/runs/{}/report?format={format}", run.id)).await.into_body();
        let (mut largest, mut lines) = (0, 0);
        while let Some(frame) = body.frame().await {
            let part = frame.expect("it does not break off").into_data().expect("data");
            largest = largest.max(part.len());
            lines += part.windows(3).filter(|it| it == b"cn=").count();
        }

        // 9 of 10 entries have two changes, each a line of the table.
        assert_eq!(lines, if format == "json" { 100_000 } else { 190_000 });
        assert!(largest < 512 * 1024, "a part of {largest} bytes");
    }
}
