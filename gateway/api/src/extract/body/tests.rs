use directory_model::contact::ContactFields;
use directory_model::source::SourceFields;
use serde_json::json;

use super::*;

#[test]
fn a_merge_patch_does_what_rfc_7386_says() {
    for (mut target, patch, result) in [
        (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
        (json!({"a": "b"}), json!({"a": null}), json!({})),
        (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
        (json!({"a": [1]}), json!({"a": [{"b": null}]}), json!({"a": [{"b": null}]})),
        (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
        (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
    ] {
        merge(&mut target, patch.clone());

        assert_eq!(target, result, "{patch}");
    }
}

#[test]
fn every_wrong_field_is_named() {
    let contact = json!({"sip": 3, "is_hybrid": "yes", "colour": "red", "home_site": "x", "last_name": "Berg"});

    let refusals = parse::<ContactFields>(&contact).expect_err("refused");

    let named: Vec<(String, String)> =
        refusals.into_iter().map(|invalid| (invalid.field, invalid.rule.to_string())).collect();
    let expected = [
        ("colour", "names nothing that exists here"),
        ("home_site", "must be 26 characters of Crockford base 32"),
        ("is_hybrid", "must be a boolean"),
        ("sip", "must be a string"),
    ];
    assert_eq!(named, expected.map(|(field, rule)| (field.to_owned(), rule.to_owned())));
}

#[test]
fn missing_and_nested_fields_are_named() {
    for (source, field, rule) in [
        (json!({"name": "x"}), "connection", Rule::Required),
        (json!({"name": "x", "connection": {"kind": "ldap", "base_dn": "o=x"}}), "connection.url", Rule::Required),
        (
            json!({"name": "x", "connection": {"kind": "file", "path": "a", "format": "ldif", "port": 1}}),
            "connection.port",
            Rule::Unknown,
        ),
    ] {
        let refusals = parse::<SourceFields>(&source).expect_err("refused");

        let named: Vec<_> = refusals.iter().map(|invalid| (invalid.field.as_str(), &invalid.rule)).collect();
        assert_eq!(named, [(field, &rule)], "{source}");
    }
}
