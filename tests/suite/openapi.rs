//! The description of the API that others build on.

use std::collections::BTreeSet;

#[test]
fn the_committed_description_is_the_present_one() {
    let committed = include_str!("../../gateway/api/openapi.json");
    let present = gateway_api::openapi().to_pretty_json().expect("a document");

    assert!(
        committed.trim_end() == present.trim_end(),
        "gateway/api/openapi.json is out of date; run `switchboard openapi > gateway/api/openapi.json`"
    );
}

#[test]
fn it_is_openapi_3_1_and_every_operation_is_named_once() {
    let document = serde_json::to_value(gateway_api::openapi()).expect("a document");
    let mut names = BTreeSet::new();

    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
            assert!(names.insert(name.to_owned()), "{name} is there twice");
            assert!(operation["summary"].is_string(), "{name} says nothing about itself");
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let in_path = parameters.filter(|parameter| parameter["in"] == "path").count();
            assert_eq!(in_path, path.matches('{').count(), "{name} describes its path");
        }
    }
    assert_eq!(document["openapi"], "3.1.0");
}
