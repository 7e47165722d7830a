//! Profiles that drive calls, by the program itself: also when it dies between the two.

use std::sync::Arc;

use directory_model::clock::{Clock, SystemClock};
use directory_model::id::{CountedIds, TenantId, UserId};
use directory_store::call_settings;
use directory_store::database::{Database, OpenOptions};
use reqwest::Method;
use serde_json::{Value, json};
use suite::program::{Client, setup_token};
use tokio::time::{Duration, timeout};

use super::place::{Place, serve};

const PATIENCE: Duration = Duration::from_mins(1);
/// How often the program dies.
const DEATHS: usize = 4;

/// Somebody whose calls profiles drive.
struct Office {
    admin: Client,
    tenant: String,
    user: String,
    contact: String,
}

impl Office {
    async fn open(place: &Place, log: &str) -> Self {
        let (admin, tenant) = Client::of_new_tenant_at(&place.url(), &setup_token(log)).await;
        let platform = admin.sign_in(None, "root").await;
        let partner = json!({"name": "Partner", "client_licences": 10, "presence_mode": "active"});
        let partner = platform.make("/resellers", partner).await;
        let settings = json!({"reseller": partner, "client_licences": 5});
        platform.patch(&format!("/tenants/{tenant}"), settings).await;
        let base = format!("/tenants/{tenant}");
        let contact = admin.make(&format!("{base}/contacts"), json!({"display_name": "Anna"})).await;
        let fields = json!({"name": "anna", "contact": contact, "is_client_allowed": true});
        let user = admin.make(&format!("{base}/users"), fields).await;
        Self { admin, tenant, user: format!("{base}/users/{user}"), contact: format!("{base}/contacts/{contact}") }
    }

    async fn select(&self, profile: &str) {
        self.admin.ask(Method::PUT, &format!("{}/profile", self.user), Some(json!({"profile": profile}))).await;
    }

    /// Asks until the call settings are so.
    async fn until(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let asking = async {
            loop {
                let settings = self.admin.get(&format!("{}/call_settings", self.user)).await;
                if is_so(&settings) {
                    return settings;
                }
            }
        };
        timeout(PATIENCE, asking).await.expect("it becomes so")
    }

    async fn follows(&self, profile: &str, is_quiet: bool) {
        let settings = self.until(|it| it["state"] == "applied" && it["profile"] == profile).await;
        assert_eq!(settings["do_not_disturb"], is_quiet, "{settings}");
    }
}

/// Whether the settings of the user are still due in a database that nobody serves.
async fn is_due(database: &Database, office: &Office) -> bool {
    let tenant: TenantId = office.tenant.parse().unwrap();
    let user: UserId = office.user.rsplit('/').next().unwrap().parse().unwrap();
    let kept = database.read(move |conn| call_settings::find(conn, tenant, user)).await.unwrap();
    kept.is_some_and(|kept| kept.due_at.is_some_and(|at| at <= SystemClock.now()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_reaches_the_calls_although_the_gateway_died_between_the_two() {
    let place = Arc::new(Place::new());
    let mut server = serve(&place).await;
    let office = Office::open(&place, &server.log()).await;
    office.select("in_the_office").await;
    office.follows("in_the_office", false).await;

    let mut between = 0;
    for (profile, is_quiet) in [("lunch", true), ("on_the_road", false)].into_iter().cycle().take(DEATHS) {
        office.select(profile).await;
        // The selection is acknowledged, and the settings wait for what may come together with it.
        server.kill();
        {
            let options = OpenOptions::new(place.database_url(), Arc::<CountedIds>::default());
            let database = Database::open(&options).await.unwrap();
            between += usize::from(is_due(&database, &office).await);
        }
        server = serve(&place).await;
        let shown = office.admin.get(&format!("{}/presence", office.contact)).await;
        assert_eq!(shown["availability"], if is_quiet { "away" } else { "available" }, "the claim is there");
        office.follows(profile, is_quiet).await;
    }

    assert!(between > 0, "it never died between selection and settings");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_follow_a_meeting_and_then_the_profile_again() {
    let place = Arc::new(Place::new());
    let server = serve(&place).await;
    let office = Office::open(&place, &server.log()).await;
    office.select("in_the_office").await;
    office.follows("in_the_office", false).await;
    let calendar = async |version: i64, show_as: &str| {
        let ends_at = SystemClock.now().plus(Duration::from_hours(1));
        let origin = json!({"source": "calendar", "version": version});
        let body = json!({"origin": origin, "show_as": show_as, "ends_at": ends_at});
        office.admin.ask(Method::PUT, &format!("{}/claims/calendar", office.contact), Some(body)).await;
    };

    calendar(1, "busy").await;
    let during = office.until(|it| it["is_meeting"] == true && it["state"] == "applied").await;
    calendar(2, "free").await;
    let after = office.until(|it| it["is_meeting"] == false && it["state"] == "applied").await;

    assert_eq!((&during["profile"], &during["do_not_disturb"]), (&json!("in_a_meeting"), &json!(true)));
    assert_eq!((&after["profile"], &after["do_not_disturb"]), (&json!("in_the_office"), &json!(false)));
    // Who may use no client any more, and who has licences no more, is told by the book at once.
    let platform = office.admin.sign_in(None, "root").await;
    platform.patch(&format!("/tenants/{}", office.tenant), json!({"client_licences": 0})).await;
    office.until(|it| it["state"] == "unmanaged").await;
    let presence = async || office.admin.get(&format!("{}/presence", office.contact)).await["availability"].clone();
    let gone = async { while presence().await != "unknown" {} };
    timeout(PATIENCE, gone).await.expect("nothing is left of the profile");
}
