//! Every rule of the reference for contacts, and the test that fails when it does not hold.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// The rule, and the file and name of its test. `test: row` is the row of a table that the test goes through.
type Held = (&'static str, &'static str, &'static str);

/// A rule that cannot hold yet, why, and the word for it in an address of the API, once there is one.
type Later = (&'static str, &'static str, &'static str);

const CONTACTS: &str = "tests/suite/store/contacts.rs";
const RULES: &str = "tests/suite/api/seeds.rs";
const REACHABILITY: &str = "gateway/presence/src/reachability/tests.rs";
const AVATARS: &str = "tests/suite/api/avatars.rs";
const PICTURES: &str = "directory/picture/src/tests.rs";
const ADDING: &str = "tests/suite/sync/adding.rs";
const RESULTS: &str = "tests/suite/sync/results.rs";
const VIEW: &str = "gateway/presence/src/view/tests.rs";
const ISOLATION: &str = "tests/suite/isolation.rs";
const PORTAL: &str = "web/e2e/scenarios/portal-contacts.mjs";
const BUTTON: &str = "web/e2e/scenarios/portal-contacts-synchronize.mjs";

const LIST_AND_PLACE: [Held; 8] = [
    (
        "tenant, site and contact administrators keep contacts",
        ISOLATION,
        "nobody_reaches_contacts_and_presence_that_are_not_theirs: create_contact",
    ),
    ("and change them", ISOLATION, "nobody_reaches_contacts_and_presence_that_are_not_theirs: update_contact"),
    ("contacts are visible on the website", VIEW, "a_card_says_everything_in_the_agreed_form"),
    ("groups of contacts are visible on the website", VIEW, "a_group_is_its_best_member_and_hides_the_disabled"),
    (
        "contacts are assigned to sites",
        "tests/suite/store/sites.rs",
        "home_contacts_belong_to_the_root_group_by_themselves",
    ),
    ("contacts are assigned to groups", "tests/suite/store/groups.rs", "members_are_listed_once_and_by_name"),
    ("contacts are named as services", RULES, "the_rules_of_contacts_hold: a service overwrites its name"),
    ("the page lists all contacts and their details", PORTAL, "lists_contacts_with_their_presence"),
];

const DETAILS: [Held; 24] = [
    ("Details, then Avatars", PORTAL, "the_wizard_makes_a_contact_with_pictures"),
    ("SIP/Skype", RULES, "the_rules_of_contacts_hold: SIP addresses have a form"),
    ("SIP/Skype of consumers", RULES, "the_rules_of_contacts_hold: Skype names have a form"),
    ("the message for an address in use", CONTACTS, "an_address_in_use_is_refused_in_the_words_of_the_specification"),
    ("the message at the field", PORTAL, "an_address_that_is_taken_is_said_at_its_field"),
    ("Email", RULES, "the_rules_of_contacts_hold: mail addresses have a form"),
    ("First Name", RULES, "the_rules_of_contacts_hold: first names have a length"),
    ("Last Name", RULES, "the_rules_of_contacts_hold: last names have a length"),
    ("VCard Information enabled", AVATARS, "a_vcard_is_given_when_tenant_and_contact_have_it_on"),
    ("a vCard is viewed or downloaded", "gateway/api/src/vcard/tests.rs", "another_parser_reads_what_was_written"),
    (
        "a vCard is viewed as a card",
        "web/e2e/scenarios/portal-contacts-vcard.mjs",
        "a_vcard_is_seen_as_a_card_and_downloaded",
    ),
    ("Can Be Contacted On Busy", REACHABILITY, "the_busy_truth_table_holds_for_every_modality"),
    ("not blocked by calendar events", REACHABILITY, "busy_by_a_calendar_or_a_call_is_busy"),
    ("Contactable through consumer Skype", "gateway/presence/src/card.rs", "each_modality_opens_its_own_address"),
    ("consumer Skype needs an address", RULES, "the_rules_of_contacts_hold: consumer Skype needs an address"),
    ("Is UCMA Endpoint: a service", VIEW, "a_ucma_endpoint_is_a_service_under_its_own_name_and_others_are_persons"),
    ("Is UCMA Endpoint, not hybrid", CONTACTS, "a_service_cannot_be_hybrid"),
    ("a person becomes a service", RULES, "a_person_that_becomes_a_service_gives_up_what_persons_have"),
    (
        "Is Display Name Overwrite Enabled, for services",
        RULES,
        "the_rules_of_contacts_hold: the overwrite is only for services",
    ),
    ("on: its name is shown", VIEW, "a_ucma_endpoint_is_a_service_under_its_own_name_and_others_are_persons"),
    ("off: it is not", VIEW, "a_ucma_endpoint_is_a_service_under_its_own_name_and_others_are_persons"),
    ("on: it needs a name", RULES, "the_rules_of_contacts_hold: the overwrite needs a name"),
    ("Is Hybrid, not for services", RULES, "the_rules_of_contacts_hold: hybrid is only for persons"),
    ("Is Hybrid, for persons", RULES, "the_rules_of_contacts_hold: a person is hybrid"),
];

const AVATAR_RULES: [Held; 9] = [
    ("one or several images per status", AVATARS, "a_contact_has_a_picture_for_each_state_and_moving_one_is_said"),
    ("jpg, jpeg, png", PICTURES, "other_formats_are_refused_whatever_they_are_called"),
    ("at most 300 kB", AVATARS, "bad_pictures_are_refused_and_nothing_is_kept"),
    ("none: a picture of the page, or initials", VIEW, "a_picture_of_the_domain_stands_in_for_whoever_has_none"),
    ("any number of pictures", AVATARS, "a_contact_has_as_many_pictures_as_it_is_given"),
    ("160 by 160 recommended", PICTURES, "every_kind_of_picture_becomes_two_squares"),
    ("check-boxes set the status", PORTAL, "the_wizard_makes_a_contact_with_pictures"),
    (
        "conflicting statuses are prevented",
        "tests/suite/store/avatars.rs",
        "a_state_moves_to_the_picture_that_is_given_it",
    ),
    ("also in the store", "tests/suite/store/avatars.rs", "the_database_makes_two_pictures_for_one_state_impossible"),
];

const ADDED: [Held; 6] = [
    (
        "adding starts a synchronization",
        ADDING,
        "a_contact_that_is_added_is_synchronised_where_that_is_wanted_and_possible",
    ),
    (
        "with Exchange configured, and who does not exist there",
        ADDING,
        "exchange_gives_who_is_added_a_photo_and_initials_stand_for_the_others",
    ),
    (
        "a button starts it where that is off",
        ADDING,
        "the_button_synchronises_one_contact_and_says_when_there_can_be_no_photo",
    ),
    (
        "presence and picture reach the customer",
        "tests/suite/flow.rs",
        "a_photo_in_the_directory_and_a_picture_for_a_state_reach_the_visitor_without_reload",
    ),
    (
        "who does not exist there gets no avatar",
        "tests/suite/sync/limited.rs",
        "one_contact_is_linked_followed_and_not_found_without_the_others",
    ),
    ("Could not load photo: Not found", BUTTON, "who_is_not_found_stays_and_a_missing_photo_is_said"),
];

const EDITED_AND_REMOVED: [Held; 5] = [
    ("manual changes are overwritten", RESULTS, "the_directory_precedes_manual_edits"),
    ("the eleven fields", "tests/suite/api/contacts.rs", "each_synchronized_field_says_where_it_came_from"),
    ("their lengths", RULES, "each_synchronized_field_takes_its_longest_value_and_no_more"),
    ("deletion is confirmed", PORTAL, "removing_says_what_a_contact_leaves"),
    ("a deleted contact leaves groups and sites", CONTACTS, "a_removed_contact_leaves_groups_and_publications"),
];

const SYNCHRONIZATION: [Held; 11] = [
    ("once a day at 01:30", RULES, "what_the_reference_sets_by_default_is_set"),
    ("at that local time", "tests/suite/sync/steered.rs", "a_due_source_starts_once_in_its_own_time_zone"),
    (
        "Synchronize shows a popup",
        "web/e2e/scenarios/portal-runs.mjs",
        "synchronize_says_what_it_does_and_shows_how_far_it_is",
    ),
    ("it can be switched off", RESULTS, "a_tenant_that_switched_it_off_is_not_synchronised"),
    (
        "the tenant's administrator switches it off",
        ISOLATION,
        "nobody_reaches_tenants_and_users_that_are_not_theirs: update_tenant",
    ),
    (
        "whole sources are started by those who run sites too",
        ISOLATION,
        "nobody_reaches_sources_and_trails_that_are_not_theirs: start_run",
    ),
    ("it is on by default", RULES, "what_the_reference_sets_by_default_is_set"),
    ("who may start it", "tests/suite/api/synchronize.rs", "contacts_are_synchronised_by_those_who_keep_them"),
    ("Resubscribe", "tests/suite/api/resubscribe.rs", "sources_are_asked_anew_about_whom_somebody_names"),
    (
        "a subscription that has stopped to work",
        "sync/src/watch/tests.rs",
        "a_subscription_that_has_stopped_to_work_is_found_out_and_made_anew",
    ),
    (
        "who may press Resubscribe",
        "tests/suite/isolation.rs",
        "nobody_reaches_contacts_and_presence_that_are_not_theirs: resubscribe_contact",
    ),
];

const LATER: [Later; 1] = [(
    "Is Display Name Overwrite Enabled, off: the parameters are shown in each text message",
    "the gateway carries no text messages",
    "message",
)];

/// Whether `text` defines this test: a function that is run, or a scenario; with a row, when it is there.
fn has_test(text: &str, held_by: &str) -> bool {
    let (name, row) = held_by.split_once(": ").map_or((held_by, None), |(name, row)| (name, Some(row)));
    defines(text, name) && row.is_none_or(|row| has_row(text, row))
}

fn defines(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let scenario = format!("export async function {name}(");
    let on_each_backend = format!("    async fn {name}(db: TestDatabase) {{");
    let function = |line: &str| {
        let line = line.trim_start();
        line.strip_prefix("async ")
            .unwrap_or(line)
            .strip_prefix("fn ")
            .is_some_and(|rest| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')))
    };
    lines.iter().enumerate().any(|(at, line)| {
        let before = lines[..at].iter().rev();
        if line.starts_with(&on_each_backend) {
            // What stands at the margin last opens the macro.
            return before.copied().find(|line| !line.is_empty() && !line.starts_with(' '))
                == Some("on_each_backend! {");
        }
        if line.starts_with(&scenario) {
            return true;
        }
        // That none is left out is a rule for all tests.
        let mut attributes = before.map(|line| line.trim_start()).take_while(|line| line.starts_with("#["));
        function(line) && attributes.any(|line| line == "#[test]" || line.starts_with("#[tokio::test"))
    })
}

/// Whether a tuple begins with this text, at the beginning of a line or on one after it.
fn has_row(text: &str, row: &str) -> bool {
    let (first, on_its_own) = (format!("(\"{row}\","), format!("\"{row}\","));
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.iter().any(|line| line.starts_with(&first)) || lines.windows(2).any(|two| two == ["(", on_its_own.as_str()])
}

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap_or_default()
}

#[test]
fn every_rule_of_the_reference_has_its_test() {
    let rules = LIST_AND_PLACE.iter().chain(&DETAILS).chain(&AVATAR_RULES).chain(&ADDED);
    let mut missing = Vec::new();
    for (rule, file, test) in rules.chain(&EDITED_AND_REMOVED).chain(&SYNCHRONIZATION) {
        if !has_test(&read(file), test) {
            missing.push(format!("{rule}: {test} is not in {file}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn only_what_needs_messages_is_left_for_later() {
    let api: Value = serde_json::from_str(&read("gateway/api/openapi.json")).expect("JSON");
    let addresses = api["paths"].as_object().expect("the addresses of the API");

    for (rule, reason, word) in LATER {
        assert!(!addresses.keys().any(|address| address.contains(word)), "{rule}: it is no longer so that {reason}");
    }
    assert_eq!(
        LATER.map(|(rule, ..)| rule),
        ["Is Display Name Overwrite Enabled, off: the parameters are shown in each text message"]
    );
}

#[test]
fn a_test_that_is_only_mentioned_holds_nothing() {
    for (text, holds) in [
        ("#[test]\nfn it_holds() {", true),
        ("    #[tokio::test(flavor = \"multi_thread\")]\n    async fn it_holds() {", true),
        ("    #[test]\n    fn it_holds(kind in 0..9) {", true),
        ("on_each_backend! {\n    async fn it_holds(db: TestDatabase) {", true),
        ("on_each_backend! {\n}\n\nimpl Office {\n    async fn it_holds(db: TestDatabase) {", false),
        ("    async fn it_holds(db: TestDatabase) {", false),
        ("#[test]\nfn another() {}\n\nfn it_holds() {", false),
        ("#[test]\nfn it_holds_more() {", false),
        ("export async function it_holds(stage) {", true),
        ("async function it_holds() {", false),
        ("    (\"it_holds\", json!({})),", false),
        ("#[test]\n// fn it_holds()\n", false),
        ("// export async function it_holds(stage) {", false),
    ] {
        assert_eq!(has_test(text, "it_holds"), holds, "{text}");
    }
    for (row, holds) in [
        ("    (\"a row\", json!({})),", true),
        ("    (\n        \"a row\",\n        json!({}),", true),
        ("    // (\"a row\", json!({})),", false),
        ("    other(\"a row\", 1);", false),
        ("    assert!(is_it, \"a row\", 1);", false),
    ] {
        assert_eq!(has_test(&format!("#[test]\nfn it_holds() {{\n{row}"), "it_holds: a row"), holds, "{row}");
    }
    assert!(!has_test("    (\"a row\", json!({})),", "it_holds: a row"), "no test goes through it");
}
