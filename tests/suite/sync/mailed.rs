//! Alerts by mail.

use std::time::Duration;

use directory_model::alert::{AlertChannel, AlertFields, DeliveryFailure, Language};
use gateway_alerts::mail::{Encryption, MailServer, Mailer};
use suite::on_each_backend;
use suite::process::python;
use suite::smtp::Smtp;
use suite::tls::{Authority, Validity};

use super::alerts::{brought, to_webhook};
use super::*;

fn to_mail(language: Language) -> AlertFields {
    let addresses = vec!["anna@example.com".into(), "ben@example.com".into()];
    AlertFields { channel: AlertChannel::Mail { addresses, language }, ..to_webhook("") }
}

/// How `smtp` is handed mail by somebody who trusts `authority`.
fn smtp_server(smtp: &Smtp, authority: Option<&Authority>) -> MailServer {
    MailServer {
        host: "localhost".into(),
        port: smtp.port(),
        encryption: Encryption::Starttls,
        credentials: Some(("gateway".into(), Secret::new("hunter2"))),
        trusted_certificates: authority.map(|authority| authority.pem().into_bytes()),
        from: "Switchboard <switchboard@example.com>".into(),
    }
}

/// A mail as another library reads it: its subject and its text.
fn read_elsewhere(data: &str) -> (String, String) {
    let program = "import sys,email,email.policy,json\n\
        mail=email.message_from_string(sys.argv[1],policy=email.policy.default)\n\
        print(json.dumps([mail['subject'],mail.get_content()]))";
    serde_json::from_str(&python(program, [data])).expect("what was asked for")
}

on_each_backend! {
    async fn mails_go_encrypted_to_each_in_their_language(db: TestDatabase) {
        let world = World::new(db).await;
        let authority = Authority::new();
        let smtp = Smtp::start(&authority.certificate(&["DNS:localhost"], Validity::Valid)).await;
        let server = smtp_server(&smtp, Some(&authority));
        let mailer = Mailer::new(server, "https://contacts.example.com".into()).expect("a mailer");
        world.tell(to_mail(Language::De)).await;
        let run = world.ends_as(RunProblem::Empty).await;
        smtp.refuse("451 come back later");

        let courier = world.courier(Some(mailer));
        assert_eq!(brought(&courier).await, 0);
        world.db.clock.advance(Duration::from_secs(13));
        assert_eq!(brought(&courier).await, 1);

        let [other, mail] = &smtp.mails()[..] else { panic!("a mail each") };
        assert_eq!(other.to, ["ben@example.com"], "the first was to come later");
        assert!(mail.is_encrypted);
        assert_eq!(mail.user, Some(("gateway".into(), "hunter2".into())));
        assert_eq!((mail.from.as_str(), &mail.to[..]), ("switchboard@example.com", &["anna@example.com".to_owned()][..]));
        assert!(!mail.data.contains("ben@"), "{}", mail.data);
        let (subject, text) = read_elsewhere(&mail.data);
        assert_eq!(subject, "Switchboard: Abgleich von Directory ist fehlgeschlagen");
        assert!(text.starts_with("Die Quelle antwortete ohne einen einzigen Eintrag"), "{text}");
        assert!(text.contains(&format!("https://contacts.example.com/portal/t/{}/runs/{}", world.tenant, run.id)), "{text}");
        assert!(mail.data.contains("Auto-Submitted: auto-generated"), "{}", mail.data);
    }

    async fn an_address_that_is_refused_keeps_nobody_else_from_being_told(db: TestDatabase) {
        let world = World::new(db).await;
        let authority = Authority::new();
        let smtp = Smtp::start(&authority.certificate(&["DNS:localhost"], Validity::Valid)).await;
        smtp.refuse_address("anna@example.com");
        let mailer = Mailer::new(smtp_server(&smtp, Some(&authority)), String::new()).expect("a mailer");
        let alert = world.tell(to_mail(Language::En)).await;
        world.ends_as(RunProblem::Empty).await;
        smtp.refuse("451 come back later");

        let courier = world.courier(Some(mailer));
        for _ in 0..3 {
            courier.deliver().await.expect("the store writes");
            world.db.clock.advance(Duration::from_hours(8));
        }

        let told: Vec<_> = smtp.mails().into_iter().map(|mail| mail.to).collect();
        assert_eq!(told, [["ben@example.com"]]);
        let alert = world.alert(alert).await;
        let detail = "anna@example.com: there is nobody of that name".to_owned();
        assert_eq!(alert.failure, Some(DeliveryFailure::Refused { detail }), "and it is not forgotten");
        assert!(alert.delivered_at.is_some());
    }

    async fn a_mail_server_that_nobody_vouches_for_gets_nothing(db: TestDatabase) {
        let world = World::new(db).await;
        let smtp = Smtp::start(&Authority::new().certificate(&["DNS:localhost"], Validity::Valid)).await;
        let server = smtp_server(&smtp, None);
        let alert = world.tell(to_mail(Language::En)).await;
        world.ends_as(RunProblem::Empty).await;

        let courier = world.courier(Some(Mailer::new(server, String::new()).expect("a mailer")));
        assert_eq!(brought(&courier).await, 0);

        assert!(smtp.mails().is_empty());
        assert!(matches!(world.alert(alert).await.failure, Some(DeliveryFailure::Unanswered { .. })));
    }

    async fn without_a_mail_server_the_channel_says_so(db: TestDatabase) {
        let world = World::new(db).await;
        let alert = world.tell(to_mail(Language::En)).await;
        world.ask_for_test(alert).await.expect("asked");

        assert_eq!(brought(&world.courier(None)).await, 0);

        assert_eq!(world.alert(alert).await.failure, Some(DeliveryFailure::NoMail));
    }
}
