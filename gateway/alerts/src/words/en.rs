//! English.

use directory_model::alert::{AlertKind, AlertMessage};

use super::Facts;

pub(super) const FACTS: Facts = Facts { tenant: "Tenant", source: "Source", at: "Time" };

pub(super) fn subject(message: &AlertMessage) -> String {
    let source = message.object.source_name.as_deref().unwrap_or_default();
    match message.kind {
        AlertKind::RunFailed => format!("Switchboard: synchronization of {source} failed"),
        AlertKind::RunWaiting => format!("Switchboard: synchronization of {source} waits for approval"),
        AlertKind::SourceSilent => format!("Switchboard: {source} has not been synchronized for long"),
        // A visitor's words are worded by themselves.
        AlertKind::Enquiry => "Switchboard".into(),
        AlertKind::Test => "Switchboard: a test".into(),
    }
}

pub(super) fn opening(message: &AlertMessage) -> String {
    let object = &message.object;
    let said = object.message.clone();
    match message.kind {
        AlertKind::RunFailed => said.unwrap_or_else(|| "The run failed.".into()),
        AlertKind::RunWaiting => said.unwrap_or_else(|| "The run waits for approval.".into()),
        AlertKind::SourceSilent => {
            let hours = object.hours.unwrap_or_default();
            let last = match object.succeeded_at {
                Some(at) => format!("The last run that did ended at {at}."),
                None => "No run of it ever did.".into(),
            };
            format!("No run of the source has succeeded for {hours} hours. {last}")
        }
        AlertKind::Enquiry => String::new(),
        AlertKind::Test => "This is a test: alerts arrive here.".into(),
    }
}
