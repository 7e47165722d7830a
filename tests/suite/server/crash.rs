//! What was acknowledged over HTTP survives the sudden death of the gateway.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use suite::picture::jpeg;
use suite::program::{Client, setup_token};
use suite::random::Random;
use tokio::time::timeout;

use super::place::{Place, serve};

/// How often the gateway is killed; its store alone is 40 times more (`store/crash.rs`).
const DEATHS: u32 = 10;
/// How many clients write at once.
const WRITERS: u32 = 3;
/// It is killed at most so many microseconds after they began.
const LONGEST_MICROS: u64 = 400_000;

/// Something that was acknowledged, and where it is read.
#[derive(Clone)]
enum Written {
    Contact { at: String, name: String },
    Presence { at: String },
    Avatar { at: String, avatar: Value },
}

type Acknowledged = Arc<Mutex<Vec<Written>>>;

/// Makes contacts with presence and a picture until the gateway is gone.
async fn write(client: Client, base: String, label: String, acknowledged: Acknowledged) {
    let remember = |written| acknowledged.lock().unwrap().push(written);
    for number in 0.. {
        let name = format!("Contact {number} of {label}");
        let body = Some(json!({ "display_name": name }));
        let path = format!("{base}/contacts");
        let Some(made) = client.ask_mortal(Method::POST, &path, body).await else { return };
        let at = format!("{path}/{}", made["id"].as_str().unwrap());
        remember(Written::Contact { at: at.clone(), name });
        let busy = Some(json!({ "availability": "busy" }));
        let Some(_) = client.ask_mortal(Method::PUT, &format!("{at}/presence/manual"), busy).await else { return };
        remember(Written::Presence { at: at.clone() });
        let Some(given) = client.upload_mortal(&format!("{at}/avatars"), jpeg([number, 80, 80])).await else { return };
        remember(Written::Avatar { at, avatar: given["avatar"].clone() });
    }
}

/// Asserts that what was acknowledged is there.
async fn require(client: &Client, written: &Written) {
    match written {
        Written::Contact { at, name } => assert_eq!(client.get(at).await["display_name"], **name),
        Written::Presence { at } => {
            assert_eq!(client.get(&format!("{at}/presence")).await["availability"], "busy", "{at}");
        }
        Written::Avatar { at, avatar } => {
            let list = client.get(&format!("{at}/avatars")).await;
            assert_eq!(list["items"], json!([avatar]), "{at}");
            for url in ["url", "thumbnail_url"] {
                let file = client.file(avatar[url].as_str().unwrap()).await;
                assert!(image::load_from_memory(&file).is_ok(), "{at}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_over_http_is_lost_when_the_gateway_is_killed() {
    let place = Arc::new(Place::new());
    let mut server = serve(&place).await;
    let (admin, tenant) = Client::of_new_tenant_at(&place.url(), &setup_token(&server.log())).await;
    let base = format!("/tenants/{tenant}");
    let mut random = Random::new(20_261_126);
    let mut all = Vec::new();

    for round in 0..DEATHS {
        let acknowledged = Acknowledged::default();
        let writing = (0..WRITERS).map(|number| {
            let label = format!("{round}/{number}");
            tokio::spawn(write(admin.clone(), base.clone(), label, Arc::clone(&acknowledged)))
        });
        let writing: Vec<_> = writing.collect();
        // At that moment, whatever it is doing.
        let _ = timeout(Duration::from_micros(random.below(LONGEST_MICROS)), pending::<()>()).await;
        server.kill();
        for writer in writing {
            writer.await.unwrap();
        }
        server = serve(&place).await;
        let acknowledged = acknowledged.lock().unwrap().clone();
        for written in &acknowledged {
            require(&admin, written).await;
        }
        all.extend(acknowledged);
    }

    for written in &all {
        require(&admin, written).await;
    }
    assert!(all.len() > 3 * DEATHS as usize, "{} writes in all", all.len());
    let numbers = line(&admin, &base).await;
    assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>(), "numbers without gaps");
    assert!(numbers.len() >= all.len(), "{} numbers of {} writes", numbers.len(), all.len());
}

/// The numbers of all changes of the tenant, to the end of the line.
async fn line(client: &Client, base: &str) -> Vec<i64> {
    let mut numbers = Vec::new();
    loop {
        let after = numbers.last().copied().unwrap_or(0);
        let part = client.get(&format!("{base}/changes?after={after}")).await;
        let seqs = part["items"].as_array().unwrap().iter().filter_map(|change| change["seq"].as_i64());
        numbers.extend(seqs);
        let last = numbers.last().copied().unwrap_or(0);
        assert_eq!(part["last"], last);
        if last == after {
            return numbers;
        }
    }
}
