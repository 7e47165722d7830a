//! Alerts as signed requests.

use directory_model::alert::{AlertMessage, DeliveryFailure};
use directory_model::secret::Secret;
use directory_model::timestamp::Timestamp;
use directory_source::webhook::{Header, Webhooks};

use crate::outcome::Outcome;
use crate::signature::sign;

/// The status of a server that wants no more of these.
const GONE: u16 = 410;

/// Sends the message, signed as of `now`.
pub(crate) async fn send(
    webhooks: &Webhooks,
    url: &str,
    secret: &Secret,
    message: &AlertMessage,
    now: Timestamp,
) -> Outcome {
    let unanswered = |detail| Outcome::failed(DeliveryFailure::Unanswered { detail }, true);
    let body = match serde_json::to_string(message) {
        Ok(body) => body,
        Err(reason) => return unanswered(reason.to_string()),
    };
    let seconds = now.millis().div_euclid(1000);
    let headers = [
        Header { name: "webhook-id", value: message.id.clone() },
        Header { name: "webhook-timestamp", value: seconds.to_string() },
        Header { name: "webhook-signature", value: sign(secret, &message.id, seconds, &body) },
    ];
    match webhooks.post(url, &headers, body).await {
        Ok(status) if (200..300).contains(&status) => Outcome::arrived(),
        Ok(status) => {
            let detail = format!("the server answered {status}");
            Outcome::failed(DeliveryFailure::Refused { detail }, status != GONE)
        }
        Err(reason) => unanswered(reason.to_string()),
    }
}
