//! Which entries of a source are set aside now.

use std::time::Duration;

use ::sync::retention::purge;
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{Extent, SetAside};
use directory_model::text::search_words;
use suite::on_each_backend;

use super::*;

/// An entry that says something impossible.
fn impossible(name: &str) -> Reported {
    Reported::SetAside(SetAside {
        external_id: Some(name.as_bytes().to_vec()),
        locator: format!("cn={name},dc=Köln"),
        keys: Vec::new(),
        invalid: Invalid::new("mail", format!("{name}@"), Rule::Duplicate),
        values: None,
    })
}

impl World {
    /// What is set aside now, a few to a page, of what holds `words`.
    async fn aside(&self, words: &str) -> Vec<String> {
        let (tenant, source) = (self.tenant, self.source);
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = PageRequest { after, limit: Some(2), words: search_words(words) };
            let page = self.db.read(move |conn| sync_runs::set_aside(conn, tenant, source, &page)).await;
            let page = page.expect("the source");
            assert!(page.items.len() <= 2);
            found.extend(page.items.into_iter().map(|item| item.entry.reason.expect("a reason").value));
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
    }

    fn reports(&self, entries: &[SourceRecord], aside: &[&str]) {
        let entries = entries.iter().map(|entry| Reported::Entry(Box::new(entry.clone())));
        *self.script.entries.lock().unwrap() = entries.chain(aside.iter().map(|name| impossible(name))).collect();
    }
}

on_each_backend! {
    async fn what_the_last_comparison_left_out_is_set_aside_now(db: TestDatabase) {
        let world = World::new(db).await;
        assert_eq!(world.aside("").await, Vec::<String>::new());
        world.reports(&entries(&["anna"]), &["ben", "carl", "dora", "emil", "fay"]);
        world.finish().await;
        assert_eq!(world.aside("").await, ["ben@", "carl@", "dora@", "emil@", "fay@"]);

        world.reports(&entries(&["anna", "ben"]), &["carl", "gus"]);
        world.finish().await;

        assert_eq!(world.aside("").await, ["carl@", "gus@"]);
        *world.script.end.lock().unwrap() = Some(Err(RunProblem::Internal));
        world.reports(&entries(&["anna"]), &["hans"]);
        world.finish().await;
        assert_eq!(world.aside("").await, ["carl@", "gus@"], "a run that failed says nothing");
    }

    async fn set_aside_entries_are_found_by_where_and_what_they_are(db: TestDatabase) {
        let world = World::new(db).await;
        world.reports(&entries(&["anna"]), &["ben", "carl"]);
        world.finish().await;

        for (words, expected) in [
            ("BEN koln", &["ben@"][..]),
            ("mail", &["ben@", "carl@"]),
            ("carl@", &["carl@"]),
            ("dora", &[]),
        ] {
            assert_eq!(world.aside(words).await, expected, "{words}");
        }
    }

    async fn runs_over_changes_add_and_take_away(db: TestDatabase) {
        let world = World::new(db).await;
        *world.script.cursor.lock().unwrap() = Some(ReadCursor("1".into()));
        world.reports(&entries(&["anna"]), &["ben", "carl"]);
        world.finish().await;
        let mut repaired = entry("ben");
        repaired.locator = "cn=ben,dc=Köln".into();
        let changes = vec![Reported::Entry(Box::new(repaired)), impossible("dora")];
        let end = ReadEnd {
            entries: 2,
            is_complete: true,
            extent: Extent::Changes,
            cursor: Some(ReadCursor("2".into())),
        };
        world.changed(changes, end);

        assert_eq!(world.changes().await.extent, RunExtent::Changes);
        assert_eq!(world.aside("").await, ["carl@", "dora@"]);
        // A later one has nothing to say of them, so that this one is neither the last nor a comparison.
        let end = ReadEnd { entries: 0, is_complete: true, extent: Extent::Changes, cursor: Some(ReadCursor("3".into())) };
        *world.script.changes.lock().unwrap() = Some((Vec::new(), end));
        for _ in 0..2 {
            let idle = world.start_for(RunExtent::Changes).await.expect("starts");
            world.engine.ended(idle).await;
        }

        world.db.clock.advance(Duration::from_hours(24 * 400));
        assert_eq!(purge(&world.db.database, &world.db.clock).await.expect("the store writes"), 1, "the idle one");

        assert_eq!(world.aside("").await, ["carl@", "dora@"]);
    }
}
