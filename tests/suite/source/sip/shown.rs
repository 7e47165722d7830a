//! From a publication at a SIP server to what the program shows, and back again when the server is gone.

use directory_model::source::{Connection, SipConnection, SipTransport};
use reqwest::Method;
use serde_json::{Value, json};
use suite::kamailio::{Kamailio, Options, PASSWORD, Publication, dialog_info, pidf};
use suite::process::wait_until;
use suite::program::{Client, Program};

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard-under-test");
const LOOPBACK_ALLOWED: &str = "[sources.outbound]\nis_loopback_allowed = true";

/// A program with a source that reads presence and calls of a server, and a contact in it.
struct World {
    server: Kamailio,
    admin: Client,
    base: String,
    source: String,
    contact: String,
    program: Program,
}

impl World {
    async fn new(transport: SipTransport) -> Self {
        // Renewed every few seconds, and over soon when it is not.
        let options = Options { max_expires: 6, ..Options::default() };
        let server = tokio::task::spawn_blocking(move || Kamailio::start(&options)).await.expect("a server");
        let program =
            tokio::task::spawn_blocking(|| Program::start(PROGRAM, LOOPBACK_ALLOWED)).await.expect("a program");
        let (admin, tenant) = Client::of_new_tenant(&program).await;
        let base = format!("/tenants/{tenant}");
        let anna = json!({"display_name": "Anna", "sip": "sip:anna@example.com"});
        let contact = admin.make(&format!("{base}/contacts"), anna).await;
        let connection = Connection::Sip(server.connection(transport));
        let presence = json!({"reads_presence": true, "reads_calls": true});
        let source = json!({"name": "Telephones", "connection": connection, "presence": presence});
        let source = admin.make(&format!("{base}/sources"), source).await;
        let world = Self { server, admin, base, source, contact, program };
        world.set_secret(PASSWORD).await;
        world
    }

    async fn set_secret(&self, secret: &str) {
        let path = format!("{}/sources/{}/secret", self.base, self.source);
        self.admin.ask(Method::PUT, &path, Some(json!({ "secret": secret }))).await;
    }

    async fn of_contact(&self, what: &str) -> Value {
        self.admin.get(&format!("{}/contacts/{}/{what}", self.base, self.contact)).await
    }

    /// How the source is kept alive.
    async fn health(&self) -> Value {
        self.admin.get(&format!("{}/sources/{}/presence", self.base, self.source)).await
    }

    /// Waits until the contact shows this.
    async fn shows(&self, availability: &str) -> Value {
        self.until(|presence| presence["availability"] == availability, "presence").await
    }

    async fn until(&self, is_so: impl Fn(&Value) -> bool, what: &str) -> Value {
        for _ in 0..2400 {
            let found = if what == "health" { self.health().await } else { self.of_contact(what).await };
            if is_so(&found) {
                return found;
            }
            let mut asked = false;
            wait_until("a moment", || std::mem::replace(&mut asked, true));
        }
        let (gateway, server) = (self.program.log(), self.server.log());
        let (why, health) = (self.of_contact("presence/why").await, self.health().await);
        panic!("it never was so: {why} {health}\n{gateway}\n{server}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_tells_is_shown_explained_and_never_stale() {
    let mut world = World::new(SipTransport::Tls).await;
    let (mut desk, mut telephone) = (Publication::presence("anna"), Publication::calls("anna"));
    let publish = |world: &World, desk: &mut Publication, activities: &str| {
        world.server.publish(desk, &pidf("anna", "desk", true, activities), 3600);
    };

    publish(&world, &mut desk, "<rpid:away/>");
    world.shows("away").await;
    publish(&world, &mut desk, "");
    world.shows("available").await;
    let why = world.of_contact("presence/why").await;
    let claims = why["claims"].as_array().expect("claims").iter();
    let of = |kind: &str| claims.clone().map(|claim| &claim["claim"]).find(|claim| claim["kind"] == kind).cloned();
    let platform = of("platform").unwrap_or_else(|| panic!("{why}"));
    assert_eq!((&platform["source"], &platform["device"]), (&json!(world.source), &json!("desk")), "{why}");

    // Since when it is so, and what the person notes in which language, is told as well, and is nobody's own word.
    let noted = "<note xml:lang=\"de\">Bin in Graz</note><timestamp>2026-11-20T08:00:00Z</timestamp></tuple>";
    world.server.publish(&mut desk, &pidf("anna", "desk", true, "<rpid:away/>").replace("</tuple>", noted), 3600);
    let away = world.shows("away").await;
    assert_eq!(away["since"], "2026-11-20T08:00:00Z", "{away}");
    let told = world.until(|notes| notes["of_sources"] != json!([]), "notes").await;
    let note = &told["of_sources"][0];
    assert_eq!(
        (&note["source"], &note["text"], &note["language"]),
        (&json!(world.source), &json!("Bin in Graz"), &json!("de"))
    );
    assert_eq!(told["items"], json!([]), "{told}");
    publish(&world, &mut desk, "");
    world.shows("available").await;
    world.until(|notes| notes["of_sources"] == json!([]), "notes").await;

    // A call of the telephone lies over it.
    world.server.publish(&mut telephone, &dialog_info("anna", &[("7", "confirmed", "")]), 3600);
    let busy = world.shows("busy").await;
    assert_eq!((&busy["activity"], &busy["decided_by"]), (&json!("on_the_phone"), &json!("telephone")), "{busy}");
    world.server.publish(&mut telephone, &dialog_info("anna", &[("7", "terminated", "")]), 3600);
    // What was published at first may have expired meanwhile: the server grants six seconds.
    publish(&world, &mut Publication::presence("anna"), "");
    world.shows("available").await;

    // The server dies: its word counts for as long as it was meant to, and then nobody is available.
    world.server.kill();
    let unknown = world.shows("unknown").await;
    assert_eq!(unknown["decided_by"], Value::Null, "{unknown}");
    let waits = |health: &Value| health["aspects"][0]["counts"]["waiting_to_retry"] == 1;
    let health = world.until(waits, "health").await;
    assert_eq!(health["aspects"][0]["problem"]["code"], "unreachable", "{health}");

    // It comes back, and knows nothing; who presses the button need not wait.
    world.server.start_again();
    let mut desk = Publication::presence("anna");
    publish(&world, &mut desk, "<rpid:meeting/>");
    let path = format!("{}/contacts/{}/resubscribe", world.base, world.contact);
    let asked = world.admin.ask(Method::POST, &path, None).await;
    assert_eq!(asked["subscriptions"], 2, "{asked}");
    let meeting = world.shows("busy").await;
    assert_eq!(meeting["activity"], "in_a_meeting", "{meeting}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_tried_step_by_step_and_has_nobody_to_synchronise() {
    let world = World::new(SipTransport::Tls).await;
    let kept = format!("{}/sources/{}", world.base, world.source);
    let test = async || {
        let tested = world.admin.ask(Method::POST, &format!("{kept}/test"), Some(json!({}))).await;
        let steps = tested["steps"].as_array().expect("steps").clone();
        steps.iter().map(|step| step["finding"]["code"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let change = async |change: &dyn Fn(&mut SipConnection)| {
        let mut connection = world.server.connection(SipTransport::Tls);
        change(&mut connection);
        world.admin.patch(&kept, json!({ "connection": Connection::Sip(connection) })).await;
        world.set_secret(PASSWORD).await;
    };

    assert_eq!(test().await, ["name_found", "connected", "encrypted", "signed_in"]);
    world.set_secret("wrong").await;
    assert_eq!(test().await, ["name_found", "connected", "encrypted", "sign_in_refused"]);
    let wrong = |health: &Value| health["aspects"][0]["problem"]["status"] == 401;
    world.until(wrong, "health").await;
    change(&|connection| connection.trusted_certificates = None).await;
    assert_eq!(test().await, ["name_found", "connected", "certificate_refused", "not_reached"]);
    change(&|connection| connection.port = Some(1)).await;
    assert_eq!(test().await, ["name_found", "not_connected", "not_reached", "not_reached"]);
    change(&|connection| connection.host = "no-such-host.invalid".into()).await;
    assert_eq!(test().await, ["name_unknown", "not_reached", "not_reached", "not_reached"]);
    for transport in [SipTransport::Udp, SipTransport::Tcp] {
        let connection = world.server.connection(transport);
        world.admin.patch(&kept, json!({ "connection": Connection::Sip(connection) })).await;
        world.set_secret(PASSWORD).await;
        assert_eq!(test().await, ["name_found", "connected", "readable_on_the_way", "signed_in"], "{transport:?}");
    }

    assert_eq!(world.admin.get(&kept).await["schedule"], Value::Null);
    assert_eq!(world.admin.status(Method::POST, &format!("{kept}/runs")).await, 409);
    let runs = world.admin.get(&format!("{}/runs", world.base)).await;
    assert_eq!(runs["items"], json!([]), "{runs}");
}
