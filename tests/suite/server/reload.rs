//! Certificates that change while the program serves.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use rustls::pki_types::CertificateDer;
use suite::backend::new_folder;
use suite::process::{free_port, signal, wait_until};
use suite::program::Program;

use super::certificates::{Pair, inside, shown};
use super::place::PROGRAM;

/// A program that speaks HTTPS.
struct Secured {
    pair: Pair,
    address: SocketAddr,
    program: Program,
}

impl Secured {
    async fn serve(reload_interval: &str) -> Self {
        let pair = Pair::new();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let text = format!(
            "[server.tls]\nlisten = \"{address}\"\ncertificate = \"{}\"\nkey = \"{}\"\n\
             reload_interval = \"{reload_interval}\"",
            pair.settings.certificate.as_ref().unwrap().display(),
            pair.settings.key.as_ref().unwrap().display(),
        );
        let start = move || Program::start_in(new_folder(), Command::new(PROGRAM), "", &text);
        let program = tokio::task::spawn_blocking(start).await.unwrap();
        let secured = Self { pair, address, program };
        wait_until("HTTPS to be served", || secured.program.log().contains("serving HTTPS"));
        secured
    }

    async fn certificate(&self) -> CertificateDer<'static> {
        shown(&self.pair.connect_to(self.address, b"http/1.1").await)
    }

    fn hears_hang_up(&self) {
        assert!(signal(self.program.id(), "HUP"), "it is there");
    }

    fn logged(&self, words: &str) -> usize {
        self.program.log().lines().filter(|line| line.contains(words)).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_certificate_is_used_without_being_told() {
    let secured = Secured::serve("50ms").await;
    let before = secured.certificate().await;

    let renewed = secured.pair.renew();
    wait_until("the new certificate", || secured.logged("a new certificate is in use") > 0);

    assert_ne!(inside(&renewed), before);
    assert_eq!(secured.certificate().await, inside(&renewed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_certificate_is_used_on_sighup() {
    let secured = Secured::serve("1h").await;
    let before = secured.certificate().await;

    let renewed = secured.pair.renew();
    assert_eq!(secured.certificate().await, before, "nobody has looked yet");
    secured.hears_hang_up();
    wait_until("the new certificate", || secured.logged("a new certificate is in use") > 0);

    assert_eq!(secured.certificate().await, inside(&renewed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_certificate_is_reported_once_and_the_old_one_stays() {
    let secured = Secured::serve("20ms").await;
    let before = secured.certificate().await;
    let file = secured.pair.settings.certificate.clone().unwrap();

    fs::write(&file, "half a fi").unwrap();
    let complaint = format!("the old certificate stays in use reason={} holds no certificate in PEM", file.display());
    wait_until("the complaint", || secured.logged(&complaint) > 0);
    fs::remove_file(&file).unwrap();
    // By now the broken file has been looked at many times.
    wait_until("the next complaint", || secured.logged("cannot read") > 0);

    assert_eq!(secured.certificate().await, before);
    assert_eq!(secured.logged(&complaint), 1, "{}", secured.program.log());
    // An operator who asks is answered, also if it is the same answer.
    secured.hears_hang_up();
    wait_until("the answer", || secured.logged("cannot read") > 1);
    let renewed = secured.pair.renew();
    wait_until("the new certificate", || secured.logged("a new certificate is in use") > 0);
    assert_eq!(secured.certificate().await, inside(&renewed));
}
