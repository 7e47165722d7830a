//! Runs the emulated Exchange Server for a client of somebody else: prints its address, serves until its standard
//! input ends, and leaves every request and answer as a file in the folder that it is given.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a tool of the tests fails by panicking and is read")]

use std::io::{Read, stdin};
use std::path::PathBuf;

use suite::ews::{Appointment, Ews, Person};

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("usage: emulate-ews FOLDER"));
    let people = vec![
        Person::anna().pictured("the photo of Anna"),
        Person::new("anna.bergmann@example.com", "Anna Bergmann"),
        Person::new("ben@example.com", "Ben"),
    ];
    let server = Ews::start(people).await;
    let (from, until) = ("2026-11-22T10:00:00", "2026-11-22T11:00:00");
    server.set_appointments(vec![Appointment::new("anna.berg@example.com", "Busy", from, until)]);
    println!("{}", server.url());
    let ending = tokio::task::spawn_blocking(|| stdin().read_to_end(&mut Vec::new()));
    ending.await.expect("it is waited for").expect("the standard input can be read");
    for (number, (request, reply)) in server.exchanged().into_iter().enumerate() {
        let is_xml = reply.headers.iter().any(|(_, value)| value.starts_with("text/xml"));
        if is_xml && request.method == "POST" {
            std::fs::write(folder.join(format!("{number:02}-request.xml")), request.body).expect("it can be written");
            std::fs::write(folder.join(format!("{number:02}-answer.xml")), reply.body).expect("it can be written");
        }
    }
}
