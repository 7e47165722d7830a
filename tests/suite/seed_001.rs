//! Every rule of the reference for contacts, and the test that fails when it does not hold. Presence
//! resubscription is the reference's last section and belongs to presence.

use std::fs;
use std::path::Path;

/// The rule, and the file and name of its test: a function, or a row of a table.
type Held = (&'static str, &'static str, &'static str);

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
    ("tenant, site and contact administrators keep contacts", ISOLATION, "create_contact"),
    ("and change them", ISOLATION, "update_contact"),
    ("contacts are visible on the website", VIEW, "a_card_says_everything_in_the_agreed_form"),
    ("groups of contacts are visible on the website", VIEW, "a_group_is_its_best_member_and_hides_the_disabled"),
    (
        "contacts are assigned to sites",
        "tests/suite/store/sites.rs",
        "home_contacts_belong_to_the_root_group_by_themselves",
    ),
    ("contacts are assigned to groups", "tests/suite/store/groups.rs", "members_are_listed_once_and_by_name"),
    ("contacts are named as services", RULES, "a service overwrites its name"),
    ("the page lists all contacts and their details", PORTAL, "lists_contacts_with_their_presence"),
];

const DETAILS: [Held; 24] = [
    ("Details, then Avatars", PORTAL, "the_wizard_makes_a_contact_with_pictures"),
    ("SIP/Skype", RULES, "SIP addresses have a form"),
    ("SIP/Skype of consumers", RULES, "Skype names have a form"),
    ("the message for an address in use", CONTACTS, "an_address_in_use_is_refused_in_the_words_of_the_specification"),
    ("the message at the field", PORTAL, "an_address_that_is_taken_is_said_at_its_field"),
    ("Email", RULES, "mail addresses have a form"),
    ("First Name", RULES, "first names have a length"),
    ("Last Name", RULES, "last names have a length"),
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
    ("consumer Skype needs an address", RULES, "consumer Skype needs an address"),
    ("Is UCMA Endpoint: a service", VIEW, "a_ucma_endpoint_is_a_service_under_its_own_name_and_others_are_persons"),
    ("Is UCMA Endpoint, not hybrid", CONTACTS, "a_service_cannot_be_hybrid"),
    ("a person becomes a service", RULES, "a_person_that_becomes_a_service_gives_up_what_persons_have"),
    ("Is Display Name Overwrite Enabled, for services", RULES, "the overwrite is only for services"),
    ("on: its name is shown", VIEW, "a_ucma_endpoint_is_a_service_under_its_own_name_and_others_are_persons"),
    ("off: it is not", VIEW, "a_ucma_endpoint_is_a_service_under_its_own_name_and_others_are_persons"),
    ("on: it needs a name", RULES, "the overwrite needs a name"),
    ("Is Hybrid, not for services", RULES, "hybrid is only for persons"),
    ("Is Hybrid, for persons", RULES, "a person is hybrid"),
];

const AVATAR_RULES: [Held; 8] = [
    ("one or several images per status", AVATARS, "a_contact_has_a_picture_for_each_state_and_moving_one_is_said"),
    ("jpg, jpeg, png", PICTURES, "other_formats_are_refused_whatever_they_are_called"),
    ("at most 300 kB", AVATARS, "bad_pictures_are_refused_and_nothing_is_kept"),
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

const ADDED: [Held; 5] = [
    (
        "adding starts a synchronization",
        ADDING,
        "a_contact_that_is_added_is_synchronised_where_that_is_wanted_and_possible",
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

const SYNCHRONIZATION: [Held; 8] = [
    ("once a day at 01:30", RULES, "what_the_reference_sets_by_default_is_set"),
    ("at that local time", "tests/suite/sync/steered.rs", "a_due_source_starts_once_in_its_own_time_zone"),
    (
        "Synchronize shows a popup",
        "web/e2e/scenarios/portal-runs.mjs",
        "synchronize_says_what_it_does_and_shows_how_far_it_is",
    ),
    ("it can be switched off", RESULTS, "a_tenant_that_switched_it_off_is_not_synchronised"),
    ("the tenant's administrator switches it off", ISOLATION, "update_tenant"),
    ("whole sources are started by those who run sites too", ISOLATION, "start_run"),
    ("it is on by default", RULES, "what_the_reference_sets_by_default_is_set"),
    ("who may start it", "tests/suite/api/synchronize.rs", "contacts_are_synchronised_by_those_who_keep_them"),
];

/// Whether `text` has a test of this name: a function, a row of a table, or a scenario.
fn has_test(text: &str, name: &str) -> bool {
    let forms = [format!("fn {name}("), format!("function {name}("), format!("(\"{name}\""), format!("\"{name}\",")];
    forms.iter().any(|form| text.contains(form))
}

#[test]
fn every_rule_of_the_reference_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let rules = LIST_AND_PLACE.iter().chain(&DETAILS).chain(&AVATAR_RULES).chain(&ADDED);
    let mut missing = Vec::new();
    for (rule, file, test) in rules.chain(&EDITED_AND_REMOVED).chain(&SYNCHRONIZATION) {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        if !has_test(&text, test) {
            missing.push(format!("{rule}: {test} is not in {file}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_test_that_is_only_mentioned_holds_nothing() {
    for (text, holds) in [
        ("#[test]\nfn it_holds() {", true),
        ("    #[tokio::test]\n    async fn it_holds() {", true),
        ("async function it_holds() {", true),
        ("    (\"it_holds\", json!({})),", true),
        ("// fn it_holds\n", false),
    ] {
        assert_eq!(has_test(text, "it_holds"), holds, "{text}");
    }
}
