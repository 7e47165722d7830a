//! Telephone numbers of every service, written internationally where the source wants it.

use directory_model::record::Sought;
use directory_model::secret::Secret;
use directory_model::source::Connection;
use directory_source::ReadRequest;
use serde_json::json;
use suite::{ews, graph, ucwa};

use super::{policy, read_to_the_end};

const MAIL: &str = "anna.berg@example.com";
const NATIONAL: &str = "030 1234567";

/// The work telephone of the one whom the service knows by the address, as numbers of `country`.
async fn number(connection: &Connection, secret: &Secret, country: Option<&str>) -> Option<String> {
    let (policy, only) = (policy(), [Sought::Addresses { sip: None, mail: Some(MAIL.into()) }]);
    let whole = ReadRequest::whole(connection, Some(secret), &policy);
    let done = read_to_the_end(ReadRequest { only: Some(&only), normalize_numbers: country, ..whole }).await;
    assert_eq!(done.records.len(), 1, "{:?} {:?}", done.end, done.set_aside);
    done.records[0].mapped.synced.work_phone.clone()
}

#[tokio::test]
async fn services_write_numbers_internationally_where_the_source_wants_it() {
    let mut anna = ews::Person::anna();
    anna.work.as_mut().expect("she works")[3] = NATIONAL.into();
    let exchange = ews::Ews::start(vec![anna]).await;
    let person = ucwa::Person::new("anna@example.com", MAIL, "Anna");
    let skype = ucwa::Ucwa::start(vec![ucwa::Person { phone: format!("tel:{NATIONAL}"), ..person }]).await;
    let user = graph::User::new(1).with("mail", MAIL).with("businessPhones", json!([NATIONAL]));
    let cloud = graph::Graph::start(vec![user], 10).await;

    for (connection, secret) in [
        (Connection::Exchange(exchange.connection()), exchange.secret()),
        (Connection::Ucwa(skype.connection()), skype.secret()),
        (Connection::Graph(cloud.connection()), cloud.secret()),
    ] {
        assert_eq!(number(&connection, &secret, None).await.as_deref(), Some(NATIONAL), "{connection:?}");
        let written = number(&connection, &secret, Some("DE")).await;
        assert_eq!(written.as_deref(), Some("+49301234567"), "{connection:?}");
    }
}
