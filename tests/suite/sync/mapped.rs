//! What a changed mapping does to contacts whose entries did not change.

use std::path::PathBuf;

use ::sync::reader::SourceReader;
use directory_model::contact::SyncedField;
use directory_model::run::{FieldChange, RunAction};
use directory_model::source::{ComputedField, Mapping, Otherwise, Transform};
use directory_source::SourcePolicy;
use suite::on_each_backend;

use super::*;

const PEOPLE: &str = "id,name,mail,phone,city,office\n\
                      1,ANNA BERG,anna@x.org,030 1234567,Berlin,B1\n\
                      2,BEN CLARK,ben@x.org,200,Wien,\n";

pub(super) fn rule(attributes: &[&str], transforms: Vec<Transform>) -> ComputedField {
    ComputedField { attributes: attributes.iter().map(|name| (*name).to_owned()).collect(), transforms }
}

/// A world whose source is a file.
pub(super) async fn world(db: TestDatabase) -> World {
    people_of(db, PEOPLE).await.0
}

/// A world whose source is a file with this text, and where that is.
pub(super) async fn people_of(db: TestDatabase, text: &str) -> (World, PathBuf) {
    let world = World::new(db).await;
    let folder = suite::backend::new_folder();
    std::fs::create_dir(folder.join(world.tenant.to_string())).expect("a folder");
    let file = folder.join(world.tenant.to_string()).join("people.csv");
    std::fs::write(&file, text).expect("a file");
    let policy = SourcePolicy { file_folder: Some(folder), ..SourcePolicy::default() };
    (World { engine: engine(&world.db, Arc::new(SourceReader::new(policy))), ..world }, file)
}

on_each_backend! {
    async fn a_changed_mapping_reaches_contacts_although_the_directory_stays_as_it_is(db: TestDatabase) {
        let world = world(db).await;
        succeeded(&world.finish().await);
        let anna = world.contact("ANNA BERG").await;
        assert_eq!(world.finish().await.counts.unchanged, 2);

        let join = Transform::Join { separator: ", ".into() };
        let mapping = Mapping {
            external_id: vec!["id".into()],
            display_name: vec![rule(&["name"], vec![Transform::TitleCase]).into()],
            mail: vec!["mail".into()],
            work_phone: vec!["phone".into()],
            office: vec![rule(&["office", "city"], vec![join]).into()],
            ..Mapping::default()
        };
        world.edit_source(|fields| fields.mapping = Some(mapping)).await;
        let run = world.finish().await;

        succeeded(&run);
        assert_eq!((run.counts.read, run.counts.updated, run.counts.unchanged), (2, 2, 0));
        let lines = world.entries(run.id).await;
        let line = lines.iter().find(|line| line.contact == Some(anna.id)).expect("Anna's line");
        let change = |field, old: &str, new: Option<&str>| FieldChange {
            field,
            old: Some(old.into()),
            new: new.map(str::to_owned),
        };
        assert_eq!(line.action, RunAction::Update);
        assert_eq!(
            line.changes,
            [
                change(SyncedField::DisplayName, "ANNA BERG", Some("Anna Berg")),
                change(SyncedField::Office, "B1", Some("B1, Berlin")),
                change(SyncedField::WorkCity, "Berlin", None),
            ]
        );
        assert_eq!(world.contact("Anna Berg").await.id, anna.id);
        assert_eq!(world.finish().await.counts.unchanged, 2, "and no longer than that");
    }

    async fn numbers_are_normalized_from_the_next_run_on(db: TestDatabase) {
        let world = world(db).await;
        succeeded(&world.finish().await);

        world.edit_source(|fields| fields.normalize_numbers = Some("DE".into())).await;
        let run = world.finish().await;

        assert_eq!((run.counts.updated, run.counts.unchanged), (1, 1));
        assert_eq!(world.contact("ANNA BERG").await.fields.work_phone.as_deref(), Some("+49301234567"));
        assert_eq!(world.contact("BEN CLARK").await.fields.work_phone.as_deref(), Some("200"));
        world.edit_source(|fields| {
            let e164 = Transform::E164 { country: "DE".into(), otherwise: Otherwise::Drop };
            let work_phone = vec![rule(&["phone"], vec![e164]).into()];
            let own = |name: &str| vec![name.into()];
            let [display_name, mail] = [own("name"), own("mail")];
            let external_id = vec!["id".into()];
            fields.mapping = Some(Mapping { external_id, display_name, mail, work_phone, ..Mapping::default() });
        })
        .await;
        succeeded(&world.finish().await);
        assert_eq!(world.contact("BEN CLARK").await.fields.work_phone, None, "what is no number is dropped");
    }
}
