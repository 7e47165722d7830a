use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::clock::ManualClock;

const MINUTE: Duration = Duration::from_mins(1);

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

fn noon() -> Timestamp {
    at("2026-06-01T12:00:00Z")
}

fn file() -> Connection {
    serde_json::from_value(serde_json::json!({"kind": "file", "path": "a.csv", "format": "csv"})).expect("a file")
}

fn sip() -> Connection {
    serde_json::from_value(
        serde_json::json!({"kind": "sip", "host": "sip.example.com", "address": "sip:gateway@example.com"}),
    )
    .expect("a server")
}

#[test]
fn how_a_source_is_doing_is_what_keeps_it_from_working_first() {
    use SecretState as Secret;
    for (is_off, secret, connection, latest, expected) in [
        (true, Secret::EnterAgain, file(), Some(RunState::Failed), SourceHealth::SwitchedOff),
        (false, Secret::EnterAgain, file(), Some(RunState::Succeeded), SourceHealth::SecretLost),
        (false, Secret::EnterAgain, sip(), None, SourceHealth::SecretLost),
        (false, Secret::Present, sip(), None, SourceHealth::PresenceOnly),
        (false, Secret::Absent, file(), None, SourceHealth::NeverRan),
        (false, Secret::Absent, file(), Some(RunState::Cancelled), SourceHealth::NeverRan),
        (false, Secret::Absent, file(), Some(RunState::AwaitingApproval), SourceHealth::AwaitingApproval),
        (false, Secret::Absent, file(), Some(RunState::Failed), SourceHealth::Failed),
        (false, Secret::Absent, file(), Some(RunState::Succeeded), SourceHealth::Fine),
    ] {
        assert_eq!(SourceHealth::of(is_off, secret, &connection, latest), expected, "{secret:?} {latest:?}");
    }
}

#[test]
fn every_health_has_a_count_of_its_own() {
    let mut counts = SourceCounts::none(SourceKind::Ldap);
    let all = [
        SourceHealth::SwitchedOff,
        SourceHealth::SecretLost,
        SourceHealth::PresenceOnly,
        SourceHealth::NeverRan,
        SourceHealth::AwaitingApproval,
        SourceHealth::Failed,
        SourceHealth::Fine,
    ];
    for (number, health) in (1..).zip(all) {
        *counts.of_mut(health) += number;
    }
    assert_eq!(all.map(|health| *counts.of_mut(health)), [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_job_is_known_from_when_it_is_expected_and_remembers_how_it_ended() {
    let clock = ManualClock::new(noon());
    let jobs = Jobs::new(Arc::new(clock.clone()));

    jobs.expect(Job::PurgeRuns, MINUTE);
    let expected = jobs.health();
    assert_eq!((expected[0].began_at, expected[0].next_at), (None, noon().plus(MINUTE)));

    clock.advance(MINUTE);
    jobs.begin(Job::PurgeRuns, MINUTE);
    assert!(jobs.health()[0].is_going_on);
    clock.advance(Duration::from_secs(2));
    jobs.end(Job::PurgeRuns, true);
    clock.advance(MINUTE);
    jobs.begin(Job::PurgeRuns, MINUTE);
    jobs.end(Job::PurgeRuns, false);

    let health = jobs.health().remove(0);
    assert_eq!(health.outcome, Some(JobOutcome::Failed));
    assert_eq!(health.succeeded_at, Some(at("2026-06-01T12:01:02Z")));
    assert_eq!((health.began_at, health.next_at), (Some(at("2026-06-01T12:02:02Z")), at("2026-06-01T12:03:02Z")));
    assert!(!health.is_going_on);
    jobs.end(Job::SendAlerts, true);
    assert_eq!(jobs.health().len(), 1, "what was never begun is not known");
}

#[test]
fn a_job_is_overdue_when_a_whole_turn_is_missing() {
    let clock = ManualClock::new(noon());
    let jobs = Jobs::new(Arc::new(clock.clone()));
    jobs.begin(Job::StartRuns, MINUTE);

    for (seconds, is_overdue) in [(60, false), (180, false), (1, true)] {
        clock.advance(Duration::from_secs(seconds));
        assert_eq!(jobs.health()[0].is_overdue, is_overdue, "{seconds}");
    }
    jobs.begin(Job::StartRuns, MINUTE);
    assert!(!jobs.health()[0].is_overdue, "it is done again");
}

/// A gateway with which all is well.
struct Well {
    database: DatabaseFacts,
    lease: Option<LeaseHolder>,
    jobs: Vec<JobHealth>,
    sources: Vec<SourceCounts>,
    upkeep: UpkeepTotals,
    connections: Vec<Occupancy>,
    copies_problem: Option<CopiesProblem>,
}

impl Well {
    fn new() -> Self {
        let database = DatabaseFacts {
            kind: DatabaseKind::Sqlite,
            version: "3.46.0".into(),
            schema_version: "2".into(),
            known_schema_version: "2".into(),
            bytes: 1,
        };
        let lease = Some(LeaseHolder { holder: "process 1".into(), fence: 7, until: noon().plus(MINUTE) });
        let jobs = Jobs::new(Arc::new(ManualClock::new(noon())));
        jobs.begin(Job::StartRuns, MINUTE);
        jobs.end(Job::StartRuns, true);
        let connections = vec![Occupancy { line: Line::Http, open: 89, most: Some(100) }];
        let sources = vec![SourceCounts { failed: 3, ..SourceCounts::none(SourceKind::Ldap) }];
        let (upkeep, copies_problem) = (UpkeepTotals::default(), None);
        Self { database, lease, jobs: jobs.health(), sources, upkeep, connections, copies_problem }
    }

    fn odd(&self) -> Vec<(CheckName, CheckState)> {
        let facts = Facts {
            database: &self.database,
            lease: self.lease.as_ref(),
            fence: 7,
            jobs: &self.jobs,
            sources: &self.sources,
            upkeep: &self.upkeep,
            connections: &self.connections,
            copies_problem: self.copies_problem,
        };
        let odd = checks(facts, noon()).into_iter().filter(|check| check.state != CheckState::Fine);
        odd.map(|check| (check.name, check.state)).collect()
    }
}

#[test]
fn each_check_says_what_is_odd_and_nothing_else() {
    use CheckState::{Attention, Broken};
    type Spoil = fn(&mut Well);
    assert_eq!(Well::new().odd(), [], "sources that fail are their tenants' to see to");
    let cases: [(Spoil, CheckName, CheckState); 10] = [
        (|well| well.database.schema_version = "3".into(), CheckName::Schema, Broken),
        (|well| well.lease = None, CheckName::Lease, Broken),
        (|well| well.lease.as_mut().expect("held").fence = 8, CheckName::Lease, Broken),
        (|well| well.lease.as_mut().expect("held").until = noon(), CheckName::Lease, Broken),
        (|well| well.jobs[0].is_overdue = true, CheckName::Jobs, Broken),
        (|well| well.jobs[0].outcome = Some(JobOutcome::Failed), CheckName::Jobs, Attention),
        (|well| well.sources[0].secret_lost = 1, CheckName::Secrets, Attention),
        (|well| (well.upkeep.asked, well.upkeep.with_problem) = (2, 2), CheckName::Presence, Attention),
        (|well| well.connections[0].open = 90, CheckName::Connections, Attention),
        (|well| well.copies_problem = Some(CopiesProblem::Unreadable), CheckName::Copies, Attention),
    ];
    for (spoil, name, state) in cases {
        let mut well = Well::new();
        spoil(&mut well);
        assert_eq!(well.odd(), [(name, state)]);
    }
    for (asked, with_problem) in [(3, 2), (1, 1)] {
        let mut well = Well::new();
        (well.upkeep.asked, well.upkeep.with_problem) = (asked, with_problem);
        assert_eq!(well.odd(), [], "that is their tenants' to see to as well");
    }
}
